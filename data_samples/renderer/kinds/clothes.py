"""Clothes and what goes with them: hat, shoe, button, umbrella."""

import numpy as np

from ..primitives import rotation
from .thing_model import DARK, TAU, Model, about


def hat(rng, stand):
    """Brimmed hat, top hat, bowler or cap."""
    m = Model(rng)
    felt, r, h, rim = m.pick(m.print, m.plain, m.plain)(), m.u(0.2, 0.3), m.u(0.15, 0.45), m.u(0.32, 0.55)
    top = r * m.u(0.7, 1.15)
    if m.odds(0.5):
        m.lathe([(r, 0), (top, h), (0, h + m.u(-0.05, 0.03))], felt)
    else:
        m.lathe([(r, 0), (top, h * 0.9), (top * 0.7, h * 1.1), (0, h * m.u(0.9, 1.1))], felt, 2)
    m.lathe([(r * 1.03, 0.01), (r * 1.03 + (top - r) * 0.2, h * 0.25)], m.plain())
    if m.odds(0.8):
        m.lathe([(r, 0.03), ((r + rim) / 2, m.u(0.02, 0.05)), (rim, m.u(0.0, 0.1))], felt, 1)
    else:
        axes = np.eye(3, dtype=np.float32)
        m.sheet((r * 0.5, 0, 0.02), axes, r * 1.3, r, lambda u, v: u**2 + v**2 < 1, felt, -0.06, -0.05)
    return m.finish(stand, about((1, 0, 0), m.u(2.4, 3.6)) if m.odds(0.12) else None, flat=True)


def shoe(rng, stand):
    """Shoe or boot with a sole, laces and an opening; sometimes a pair."""
    m = Model(rng)
    upper, sole, lace, t = m.pick(m.print, m.plain, m.plain)(), m.plain(), m.plain(None, "matt"), m.u(0.03, 0.06)
    toe, high, w, n = m.u(0.09, 0.14), m.u(0.2, 0.55), m.u(0.13, 0.17), rng.integers(2, 6)
    heel, inside = m.u(0, 0.12) if m.odds(0.3) else 0, m.plain(DARK, "matt")
    for y in m.pick((0,), (0,), (-0.22, 0.22)):
        m.ball((0.25, y, t), (0.25, w, t), sole)
        m.ball((-0.2, y, t + heel * 0.8), (0.25, w * 0.85, t), sole)
        m.box((0.02, y, t + heel * 0.4), (0.26, w * 0.75, t * 0.8), sole, rotation((0.5, 0, -heel * 0.8)))
        m.box((-0.28, y, (t + heel) / 2), (0.1, w * 0.65, (t + heel) / 2), sole)
        m.ball((0.24, y, t * 1.3), (0.23, w * 0.93, toe + 0.03), upper)
        m.rod((0.2, y, t + toe * 0.5), (-0.12, y, t + 0.13 + heel * 0.6), toe * 0.8, w * 0.75, upper)
        m.ball((-0.22, y, t + 0.05 + heel), (0.2, w * 0.83, 0.16), upper)
        m.cone((-0.19, y, 0.12 + heel), (-0.2, y, high + heel), w * 0.85, w * m.u(0.75, 0.95), upper, False)
        m.cone((-0.19, y, 0.12 + heel), (-0.2, y, high + heel - 0.03), w * 0.8, w * 0.7, inside)
        for s in np.linspace(0.1, 0.85, n):
            x, z = 0.2 - 0.3 * s, t + toe * 1.25 + (0.13 + w * 0.4 + heel * 0.6 - toe * 0.4) * s
            m.path([(x, y - w * 0.45, z - 0.02), (x, y, z + 0.025), (x, y + w * 0.45, z - 0.02)], 0.012, lace)
    return m.finish(stand, about((1, 0, 0), np.pi / 2) if m.odds(0.12) else None)


def button(rng, stand):
    """Round sewing button with two or four holes."""
    m = Model(rng)
    skin, h, rim, n = m.some(), m.u(0.04, 0.1), m.u(0.34, 0.44), m.pick(2, 4, 4)
    m.lathe(
        [(0, 0), (0.42, 0), (0.5, h), (0.47, h * 1.7), (rim, h * 1.7), (rim - 0.06, h), (0, h * m.u(0.9, 1.4))], skin
    )
    hole = m.plain(DARK, "matt")
    for a in np.arange(n) * TAU / n:
        x, y, r = 0.12 * np.cos(a), 0.12 * np.sin(a), m.u(0.04, 0.05)
        m.cone((x, y, h * 0.8), (x, y, h * 1.45), r, r, hole)
    if m.odds(0.3):
        m.path([(-0.12, 0, h * 1.5), (0, 0, h * 2), (0.12, 0, h * 1.5)], 0.03, m.plain(None, "matt"))
    return m.finish(stand, about((1, 0, 0), m.u(-0.3, 0.3)))


def umbrella(rng, stand):
    """Open umbrella, upright or tipped over on its rim."""
    m = Model(rng)
    cloth, bar, h, r = (
        m.pick(m.print, m.print, m.plain)(),
        m.pick(m.metal, m.wood, m.plain)(),
        m.u(0.2, 0.35),
        m.u(0.5, 0.65),
    )
    cloth.translucency, n = m.u(0, 0.4), rng.integers(6, 11)
    shape = [(0, 0), (r * 0.5, -h * 0.12), (r * 0.85, -h * 0.5), (r, -h)]
    m.lathe(shape, cloth, 1)
    long = m.u(0.75, 0.95)
    m.path([(0, 0, m.u(0.05, 0.12)), (0, 0, -long)], 0.014, bar)
    if m.odds(0.7):
        m.ring((0.07, 0, -long), 0.07, 0.025, m.some(), y=(0, 0, 1), start=np.pi, end=TAU, n=8)
    else:
        m.rod((0, 0, -long), (0, 0, -long - 0.12), 0.03, 0.03, m.some())
    for a in np.arange(n) * TAU / n:
        m.path([(c * np.cos(a), c * np.sin(a), z + 0.006) for c, z in shape], 0.009, bar)
    tip = about((0, 1, 0), m.pick(0.0, m.u(0.9, 1.2), m.u(1.6, 2.2))) @ about((0, 0, 1), m.u(0, 6))
    return m.finish(stand, tip)
