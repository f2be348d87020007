"""Containers: cup, bowl, bottle, vase, teapot, bucket, basket, barrel."""

import numpy as np

from ..backgrounds import vary
from ..scene import Material
from .thing_model import TAU, WHITE, WOODS, Model, about, smooth


def cup(rng, stand):
    """Mug, tea cup or beaker, with or without a handle, saucer or drink."""
    m = Model(rng)
    h, top, foot = m.u(0.45, 1.0), m.u(0.28, 0.45), m.u(0.18, 0.4)
    skin, belly = m.some(), m.u(-0.05, 0.15)
    wall = [(foot, 0), (foot + belly * 0.5, h * 0.1), ((foot + top) / 2 + belly, h * 0.5), (top, h)]
    m.lathe([(0, 0.01), (foot, 0.01)], skin)
    m.lathe(wall, skin, m.pick(0, 1, 2))
    m.ring((0, 0, h), top, 0.016, skin, n=20)
    if m.odds(0.6):
        drink = m.plain(m.pick((0.2, 0.1, 0.05), (0.55, 0.3, 0.1), WHITE), "gloss")
        m.cone((0, 0, 0.02), (0, 0, h * 0.8), foot * 0.9, min(foot, top) * 0.97, drink)
    if m.odds(0.85):
        mid = np.interp(h * 0.5, [z for _, z in wall], [r for r, _ in wall])
        reach, lug = h * m.u(0.25, 0.36), m.u(0.025, 0.05)
        grip = m.plain() if m.odds(0.25) else skin
        x = (m.u(0.6, 1.0), 0, 0)
        m.ring((mid - 0.02, 0, h * 0.52), reach, lug, grip, x, (0, 0, 1), -np.pi / 2, np.pi / 2, 10)
    tip = m.fallen(0.12)
    if tip is None and m.odds(0.3):
        m.lathe([(0, 0), (foot + 0.05, -0.03), (top * 1.7, 0.05)], m.some(), 1)
    return m.finish(stand, tip)


def bowl(rng, stand):
    """Bowl or dish, empty or full."""
    m = Model(rng)
    h, foot, skin = m.u(0.22, 0.55), m.u(0.15, 0.3), m.some()
    m.lathe([(0, 0.05), (foot, 0.05), (foot, 0)], skin)
    m.lathe([(foot, 0.05), (m.u(0.3, 0.5), 0.07), (m.u(0.42, 0.5), h * 0.6), (0.5, h)], skin, m.pick(1, 2))
    m.ring((0, 0, h), 0.5, m.u(0.01, 0.025), m.plain() if m.odds(0.3) else skin, n=24)
    if m.odds(0.5):
        fruit, r = [m.plain(), m.plain(), m.print()], m.u(0.08, 0.16)
        for _ in range(rng.integers(3, 9)):
            a, d = m.u(0, TAU), m.u(0, 0.25)
            m.ball((d * np.cos(a), d * np.sin(a), h * m.u(0.7, 1.0)), r * rng.uniform(0.8, 1.1, 3), m.pick(*fruit))
    return m.finish(stand, about((1, 0, 0), m.u(1.6, 3.1)) if m.odds(0.1) else None)


def bottle(rng, stand):
    """Bottle of painted or clear glass with a cap and a label."""
    m = Model(rng)
    r, neck, h = m.u(0.12, 0.24), m.u(0.035, 0.07), m.u(0.35, 0.65)
    glass, clear = m.tone(), m.odds(0.35)
    skin = m.pick(m.print, m.plain, m.some)()
    if clear:
        skin = Material(glass, 0.06, 0.1, opacity=lambda u: np.full(u.shape[1], 0.4, np.float32))
        m.cone((0, 0, 0.01), (0, 0, h * m.u(0.3, 0.95)), r * 0.95, r * 0.95, m.plain(None, "gloss"))
    m.cone((0, 0, 0), (0, 0, 0.015), r * 0.97, r, m.plain(), True)
    shoulder = m.u(0.03, 0.25)
    outline = [(r, 0), (r * m.u(0.85, 1.1), h * 0.5), (r, h), (neck * 1.1, h + shoulder), (neck, 0.95)]
    m.lathe(outline, skin, m.pick(1, 2), see_through=clear)
    m.cone((0, 0, 0.93), (0, 0, m.u(0.98, 1.05)), neck * 1.25, neck * 1.2, m.plain())
    if m.odds(0.6):
        m.cone((0, 0, h * 0.2), (0, 0, h * m.u(0.5, 0.85)), r * 1.04, r * 1.04, m.print(None, True), False)
    return m.finish(stand, m.fallen(0.3))


def vase(rng, stand):
    """Vase, sometimes with stems and blossoms."""
    m = Model(rng)
    skin, h = m.some(), m.u(0.6, 1.0)
    radii = [m.u(0.12, 0.25), m.u(0.15, 0.4), m.u(0.15, 0.4), m.u(0.06, 0.15), m.u(0.1, 0.25)]
    m.lathe([(0, 0), (radii[0], 0)], skin)
    m.lathe(list(zip(radii, np.array([0, 0.25, 0.55, 0.85, 1]) * h, strict=True)), skin, 2)
    m.ring((0, 0, h), radii[4], 0.015, skin)
    if m.odds(0.4):
        stem = m.plain((0.3, 0.5, 0.2))
        for _ in range(rng.integers(1, 6)):
            a, d, top = m.u(0, TAU), m.u(0.05, 0.35), h + m.u(0.2, 0.5)
            end = (d * np.cos(a), d * np.sin(a), top)
            m.path([(0, 0, h * 0.5), (end[0] * 0.2, end[1] * 0.2, h), end], 0.012, stem)
            m.ball(end, rng.uniform(0.05, 0.12, 3), m.plain())
    return m.finish(stand, m.fallen(0.1))


def teapot(rng, stand):
    """Round pot with lid, spout and handle."""
    m = Model(rng)
    skin, h, r = m.some(), m.u(0.4, 0.65), m.u(0.3, 0.4)
    trim = m.some() if m.odds(0.3) else skin
    m.lathe([(0, 0), (r * 0.6, 0), (r * m.u(1, 1.3), h * 0.3), (r * m.u(0.9, 1.2), h * 0.7), (r * 0.4, h)], skin, 2)
    m.lathe([(r * 0.55, h * 0.93), (r * 0.4, h * 1.06), (0, h * 1.12)], trim, 1)
    m.ball((0, 0, h * 1.16), r * m.u(0.12, 0.2), trim)
    reach = r + m.u(0.22, 0.35)
    spout = np.array(
        [(r * 0.7, 0, h * 0.35), (r + 0.1, 0, h * 0.45), (reach - 0.05, 0, h * 0.75), (reach, 0, h * 0.98)]
    )
    m.path(spout, [0.11, 0.08, 0.05, 0.04], skin)
    if m.odds(0.7):
        m.ring(
            (-r * 0.85, 0, h * 0.55), h * m.u(0.3, 0.4), m.u(0.025, 0.04), trim, y=(0, 0, 1), start=1.4, end=4.9, n=12
        )
    else:
        m.ring((0, 0, h * 0.85), r * 0.9, 0.025, trim, y=(0, 0, m.u(0.8, 1.2)), start=0, end=np.pi, n=14)
    return m.finish(stand)


def bucket(rng, stand):
    """Bucket with a bail handle, empty or filled."""
    m = Model(rng)
    low, top, h, skin = m.u(0.22, 0.38), m.u(0.34, 0.48), m.u(0.4, 0.75), m.some()
    m.lathe([(0, 0.01), (low, 0.01), (top, h)], skin)
    m.ring((0, 0, h), top, 0.02, skin, n=20)
    for z in (0.15, 0.8):
        if m.odds(0.5):
            r = low + (top - low) * z
            m.lathe([(r + 0.012, h * z), (r + 0.014, h * (z + 0.06))], m.plain())
    a, bail = m.u(-0.2, 1.45), m.pick(m.metal, m.plain)()
    m.ring(
        (0, 0, h),
        top * 1.02,
        0.014,
        bail,
        y=(np.sin(a) * 1.05, 0, np.cos(a) * 1.05) @ about((0, 0, 1), np.pi / 2),
        start=0,
        end=np.pi,
        n=14,
    )
    if m.odds(0.35):
        m.cone((0, 0, 0.02), (0, 0, h * 0.85), low * 0.9, (low + (top - low) * 0.85) * 0.97, m.plain())
    return m.finish(stand, m.fallen(0.15))


def basket(rng, stand):
    """Woven basket with a tall arched handle."""
    m = Model(rng)
    one, two = vary(rng, m.pick(*WOODS)), vary(rng, m.pick(*WOODS)) if m.odds(0.6) else m.tone()
    around, rows = rng.integers(9, 18), m.u(14, 26)

    def woven(u, p, noise):
        q = m.local(p)
        s, t = np.arctan2(q[1], q[0]) / TAU * 2 * around, q[2] * rows
        over = (np.floor(s) + np.floor(t)) % 2
        bulge = np.where(over > 0, np.sin(np.pi * (s % 1)), np.sin(np.pi * (t % 1)))
        return (one[:, None] * over + two[:, None] * (1 - over)) * (0.35 + 0.75 * bulge)

    skin, low, top, h = m.skin(woven, "matt"), m.u(0.3, 0.45), m.u(0.38, 0.5), m.u(0.25, 0.5)
    m.lathe([(0, 0.01), (low, 0.01), ((low + top) / 2 + m.u(0, 0.08), h * 0.5), (top, h)], skin, m.pick(0, 1))
    m.ring((0, 0, h), top, 0.03, skin, n=20)
    if m.odds(0.8):
        m.ring((0, 0, h), top, m.u(0.02, 0.035), skin, y=(0, 0, m.u(0.7, 1.3)), start=0, end=np.pi, n=14)
    fill, r = [m.plain(), m.plain()], m.u(0.07, 0.14)
    for _ in range(m.pick(0, 6, 10)):
        a, d = m.u(0, TAU), top * 0.75 * m.u() ** 0.5
        m.ball((d * np.cos(a), d * np.sin(a), h * m.u(0.7, 1)), r * rng.uniform(0.8, 1.2, 3), m.pick(*fill))
    return m.finish(stand)


def barrel(rng, stand):
    """Bulging barrel of staves with hoops."""
    m = Model(rng)
    base, n, h, r = (
        vary(rng, m.pick(*WOODS)) if m.odds(0.75) else m.tone(),
        rng.integers(8, 17),
        m.u(0.4, 0.5),
        m.u(0.24, 0.34),
    )
    shades, fat = rng.uniform(0.7, 1.2, 2 * n), m.u(1.05, 1.35)

    def staves(u, p, noise):
        q = m.local(p)
        s = (np.arctan2(q[1], q[0]) / TAU + 0.5) * n
        flat = np.abs(q[2]) > h - 0.03
        s = np.where(flat & (np.hypot(q[0], q[1]) < r * 0.97), q[0] * 18 + n, s)
        shade = shades[s.astype(int) % n] * (np.abs(s % 1 - 0.5) < 0.45) + 0.1
        return base[:, None] * shade * (1 + 0.2 * noise(q * np.float32([[20], [20], [3]])))

    skin, hoop = m.skin(staves, m.pick("matt", "satin")), m.pick(m.metal, m.plain)()
    wall = smooth([(r, -h), (r * fat, -h * 0.4), (r * fat, h * 0.4), (r, h)], 2)
    m.lathe(wall, skin)
    for z in (-h + 0.03, h - 0.03):
        m.lathe([(0, z), (r, z + 0.003)], skin)
    for z in (-0.88, -0.4, 0.4, 0.88):
        a, b = np.interp([h * (z - 0.06), h * (z + 0.06)], wall[:, 1], wall[:, 0]) + 0.012
        m.lathe([(a, h * (z - 0.06)), (b, h * (z + 0.06))], hoop)
    return m.finish(stand, m.fallen(0.35))
