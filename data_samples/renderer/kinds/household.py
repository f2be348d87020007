"""Furniture and other things of a room: chair, table, lamp, light bulb, candle, clock, book."""

import numpy as np

from ..backgrounds import vary
from ..camera import normalize
from ..primitives import rotation
from ..scene import Material
from .thing_model import DARK, TAU, WHITE, Model, about


def chair(rng, stand):
    """Chair with slats, bars or a solid back."""
    m = Model(rng)
    frame, seat = m.pick(m.wood, m.plain, m.metal)(), m.some()
    w, d, h, back = m.u(0.22, 0.3), m.u(0.2, 0.28), m.u(0.35, 0.5), m.u(0.35, 0.65)
    t, lean, splay = m.u(0.018, 0.035), m.u(0.0, 0.15), m.u(0.0, 0.08)
    seat = frame if m.odds(0.4) else seat
    m.box((0, 0, h), (d, w, m.u(0.02, 0.06)), seat)
    top = h + back
    for y in (-w + t, w - t):
        m.rod((d - t, y, h), (d - t + splay, y * (1 + splay), 0), t, t * 0.8, frame)
        m.rod((-d + t, y, h), (-d + t - splay, y * (1 + splay), 0), t, t * 0.8, frame)
        m.rod((-d + t, y, h), (-d + t - lean, y, top), t, t * 0.9, frame)
        if m.odds(0.5):
            m.rod((d - t, y, h * 0.4), (-d + t, y, h * 0.4), t * 0.6, t * 0.6, frame)
    kind = m.u()
    if kind < 0.4:
        for s in np.linspace(0.35, 0.95, rng.integers(2, 5)):
            m.box((-d + t - lean * s, 0, h + back * s), (t * 0.5, w - t, m.u(0.03, 0.05)), frame)
    elif kind < 0.7:
        m.box((-d + t - lean, 0, top), (t, w, 0.03), frame)
        for y in np.linspace(-w + t, w - t, rng.integers(4, 8))[1:-1]:
            m.rod((-d + t, y, h), (-d + t - lean, y, top), t * 0.5, t * 0.5, frame)
    else:
        axes = rotation((-lean, 0, back), (1, 0, 0))
        m.box((-d + t - lean * 0.6, 0, h + back * 0.6), (back * 0.38, w - t, 0.03), seat, axes)
    if m.odds(0.25):
        for y in (-w, w):
            m.path([(-d, y, h + 0.2), (d * 0.8, y, h + 0.2), (d * 0.8, y, h)], t, frame)
    return m.finish(stand, about((0, 1, 0), -np.pi / 2) if m.odds(0.07) else None)


def table(rng, stand):
    """Table or stool: a round or square top on legs or a central column."""
    m = Model(rng)
    top, frame, h, r = m.some(), m.pick(m.wood, m.metal, m.plain)(), m.u(0.3, 0.75), m.u(0.3, 0.5)
    t, wide, splay = m.u(0.02, 0.045), m.u(0.5, 1.0), m.u(0.7, 1.25)
    frame = top if m.odds(0.4) else frame
    if m.odds(0.5):
        m.cone((0, 0, h), (0, 0, h + m.u(0.03, 0.08)), r * 0.97, r, top)
        wide = 1.0
    else:
        m.box((0, 0, h + 0.025), (r, r * wide, m.u(0.018, 0.04)), top)
    if m.odds(0.2):
        m.lathe([(r * 0.7, 0), (r * 0.6, 0.03), (t, 0.08), (t * 1.5, h * 0.5), (t, h)], frame, 1)
    else:
        n = m.pick(3, 4, 4, 4)
        for a in np.arange(n) * TAU / n + TAU / 8:
            x, y = r * np.cos(a) * m.u(0.99, 1), r * wide * np.sin(a)
            m.rod((x, y, h), (x * splay, y * splay, t), t, t * 0.8, frame)
            if n == 4 and splay < 1:
                m.rod((x, y, h * 0.5), (-y / wide, x * wide, h * 0.5), t * 0.6, t * 0.6, frame)
    return m.finish(stand, about((1, 0, 0), np.pi) if m.odds(0.05) else None)


def lamp(rng, stand):
    """Table lamp with a shade, or a jointed desk lamp."""
    m = Model(rng)
    foot, shade, r = m.some(), m.some(), m.u(0.2, 0.32)
    m.lathe([(0, 0.05), (r * 0.5, 0.05), (r, 0.02), (r, 0)], foot)
    glow = Material(np.float32([1.5, 1.3, 0.8]), 0.03, 0.3)
    if m.odds(0.65):
        h, low, top = m.u(0.4, 0.75), m.u(0.25, 0.42), m.u(0.1, 0.25)
        radii = m.u(0.02, 0.05), m.u(0.03, 0.16), m.u(0.02, 0.12), 0.02
        m.lathe(list(zip(radii, np.linspace(0.03, h + 0.05, 4), strict=True)), foot, 2)
        m.lathe([(low, h), (top, h + m.u(0.2, 0.4))], shade)
        m.ball((0, 0, h + 0.08), (0.07, 0.07, 0.1), glow)
    else:
        knee, head = np.array([-m.u(0.1, 0.35), 0, m.u(0.35, 0.5)]), np.array([m.u(0.15, 0.35), 0, m.u(0.6, 0.9)])
        m.path([(0, 0, 0.03), knee, head], 0.022, foot)
        m.ball(knee, (0.045, 0.045, 0.045), m.metal())
        way = np.array([m.u(0.3, 1.0), 0, -1.0])
        m.lathe([(0.04, -0.05), (0.08, 0.02), (m.u(0.15, 0.22), m.u(0.18, 0.28))], shade, 1, head, way)
        m.ball(head + normalize(way) * 0.12, (0.06, 0.06, 0.06), glow)
    return m.finish(stand)


def light_bulb(rng, stand):
    """Pear-shaped or round bulb with a screw base."""
    m = Model(rng)
    glass, base, r = m.plain(m.pick(WHITE, (0.95, 0.9, 0.6), (0.8, 0.85, 0.9)), "gloss"), m.metal(), m.u(0.22, 0.34)
    if m.odds(0.3):
        glass = m.plain(None, "gloss")
    neck, h = m.u(0.1, 0.14), m.u(0.25, 0.4)
    m.cone((0, 0, -0.02), (0, 0, 0.03), 0.04, 0.07, m.plain(DARK))
    m.lathe([(neck * (0.85 + 0.15 * (i % 2)), z) for i, z in enumerate(np.linspace(0.02, 0.24, 11))], base)
    m.lathe([(neck, 0.23), (neck * 1.05, 0.3), (r * 0.95, 0.27 + h)], glass, 2)
    m.ball((0, 0, 0.27 + h + r * 0.3), (r, r, r), glass)
    return m.finish(stand, m.fallen(0.75))


def candle(rng, stand):
    """Candle with a flame or a burnt wick, on a dish or a stick."""
    m = Model(rng)
    wax, r, h = m.pick(m.print, m.plain)(), m.u(0.05, 0.2), m.u(0.4, 0.8)
    m.cone((0, 0, 0), (0, 0, h), r * m.u(1, 1.15), r, wax)
    m.lathe([(r, h), (r * 0.8, h + 0.015), (0, h - 0.02)], wax)
    m.path([(0, 0, h), (0, 0, h + 0.05), (m.u(-0.03, 0.03), 0, h + 0.08)], 0.009, m.plain(DARK, "matt"))
    if m.odds(0.6):
        fire, w = Material(np.float32([3.0, 1.6, 0.4]), 0, 1, translucency=0.9), m.u(0.03, 0.05)
        m.rod((0, 0, h + 0.08), (0, 0, h + m.u(0.16, 0.24)), w, 0.004, fire)
    dish = m.some()
    if m.odds(0.6):
        m.lathe([(0, -0.02), (r + 0.05, -0.02), (r + m.u(0.1, 0.2), 0.05)], dish)
        m.ring((r + 0.18, 0, 0.04), 0.08, 0.018, dish, y=(0, 0, 1), n=10)
    elif m.odds(0.5):
        m.lathe(
            [(0.25, -0.4), (0.2, -0.36), (0.04, -0.3), (0.07, -0.15), (0.03, -0.1), (r + 0.05, 0), (r, 0.1)], dish, 1
        )
    return m.finish(stand, m.fallen(0.1))


def clock(rng, stand):
    """Round clock: an alarm clock on feet, perhaps with bells, or a wall clock."""
    m = Model(rng)
    case, d, n = m.some(), m.u(0.05, 0.2), m.pick(12, 12, 60, 4)
    face, ink = vary(rng, WHITE) if m.odds(0.7) else m.tone(), vary(rng, DARK)
    if face.mean() < 0.15:
        ink = vary(rng, WHITE)

    def dial(u, p, noise):
        a = u[1] * n / 2
        mark = (np.abs(u[2] - 0.85) < 0.07) & (np.abs((a + 0.5) % 1 - 0.5) < 0.004 * n / u[2].clip(0.1))
        return np.where(mark, ink[:, None], face[:, None])

    m.cone((0, d, 0), (0, -d, 0), 0.5, m.u(0.46, 0.5), case)
    paper, hand = m.skin(dial), m.plain(ink ** (1 / 2.2) if m.odds(0.7) else (0.8, 0.1, 0.1), "satin")
    rim, turns = m.u(0.02, 0.05), [m.u(0, TAU), m.u(0, TAU)]
    for y in m.pick((-1,), (-1, 1)):  # some have a dial on both sides
        m.cone((0, y * d, 0), (0, y * (d + 0.012), 0), 0.45, 0.45, paper)
        m.ring((0, y * d, 0), 0.46, rim, case, y=(0, 0, 1), n=22)
        for long, wide, a in ((0.26, 0.025, turns[0]), (0.38, 0.018, turns[1])):
            end = (-y * long * np.sin(a), y * (d + 0.025), long * np.cos(a))
            m.rod((0, y * (d + 0.025), 0), end, wide, wide * 0.7, hand)
        m.cone((0, y * d, 0), (0, y * (d + 0.05), 0), 0.035, 0.03, hand)
    for x in (-1, 1):
        m.rod((x * 0.25, 0, -0.4), (x * 0.36, 0, -0.56), 0.035, 0.03, case)
    if m.odds(0.55):
        bell = m.some()
        for x in (-1, 1):
            m.lathe([(0.15, 0), (0.12, 0.08), (0, 0.12)], bell, 1, (x * 0.26, 0, 0.48), (x * 0.5, 0, 1))
        m.ring((0, 0, 0.5), 0.1, 0.015, m.metal(), y=(0, 0, 1), start=0, end=np.pi, n=8)
    return m.finish(stand, about((1, 0, 0), -m.pick(0.0, m.u(0.1, 0.6), np.pi / 2)))


def book(rng, stand):
    """Book lying, standing or open; sometimes a pile."""
    m = Model(rng)
    w, h, z = m.u(0.28, 0.4), 0.5, 0.0
    edge, ink, rows = vary(rng, (0.9, 0.87, 0.78)), vary(rng, (0.3, 0.3, 0.32)), m.u(8, 16)
    table = rng.random((64, 64))

    def leaves(u, p, noise):
        return edge[:, None] * (1 + 0.25 * np.sin(u[2] * 40) * (np.abs(u[2]) < 0.98))

    def text(u, p, noise):
        line, word = (u[0] * rows).astype(int) % 64, ((u[1] + 1) * 16).astype(int) % 64
        black = (
            ((u[0] * rows * 2) % 2 < 1)
            & (table[line, word] < 0.8)
            & (np.abs(u[1]) < 0.85)
            & (np.abs(u[0] - 0.5) < 0.42)
        )
        return np.where(black, ink[:, None], edge[:, None])

    paper = m.skin(leaves, "matt")
    if m.odds(0.3):
        page, cover = m.skin(text, "matt"), m.plain()
        for side in (1, -1):
            axes = np.array([[0, 1, 0], [side, 0, 0], [0, 0, 1]], np.float32)
            m.sheet(
                (side * w, -side * h, 0.12), axes, 2 * h, w, lambda u, v: np.abs(v) < 0.97, page, 0, -m.u(0.03, 0.08)
            )
            m.box((side * w, 0, 0.03), (w * 0.95, h * 0.98, 0.04), paper)
            m.box((side * w, 0, -0.01), (w * 1.04, h * 1.03, 0.012), cover)
        return m.finish(stand)
    for _ in range(m.pick(1, 1, 1, 1, 2, 3, 4)):
        t, cover, axes = m.u(0.03, 0.13), m.pick(m.print, m.plain)(), about((0, 0, 1), m.u(-0.3, 0.3))
        for dz in (0, 2 * t):
            m.box((0, 0, z + dz + 0.012), (w, h, 0.012), cover, axes)
        m.box((0, 0, z + t + 0.012), (w * 0.96, h * 0.97, t), paper, axes)
        m.box(axes @ (-w, 0, 0) + (0, 0, z + t + 0.012), (0.012, h, t + 0.012), cover, axes)
        z += 2 * t + 0.026
    return m.finish(stand, about((1, 0, 0), np.pi / 2) if z < 0.3 and m.odds(0.3) else None)
