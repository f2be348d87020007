"""Buildings: house, tower, bridge."""

import numpy as np

from ..backgrounds import vary
from ..scene import Material
from .thing_model import DARK, TAU, WHITE, Model, about


def house(rng, stand):
    """House with a gabled or hipped roof, windows, a door and a chimney."""
    m = Model(rng)
    w, d, h, rise = m.u(0.28, 0.5), m.u(0.22, 0.38), m.u(0.15, 0.4), m.u(0.15, 0.4)
    storeys, rows = 1 if h < 0.28 else 2, m.u(20, 45)
    wall = m.tone() ** (1 / 2.2)
    tile, dull = vary(rng, m.pick((0.55, 0.25, 0.17), (0.3, 0.3, 0.33), (0.4, 0.27, 0.2))), m.odds(0.25)
    tile = m.tone() if dull else tile

    def tiles(u, p, noise):
        q = m.local(p)
        row = np.floor(q[2] * rows)
        brick = ((q[0] + q[1]) * 18 + 0.5 * row) % 1
        return tile[:, None] * (0.6 + 0.4 * (q[2] * rows % 1)) * (1 - 0.35 * (brick < 0.12)) * (1 + 0.2 * noise(q * 25))

    roof, plain = m.skin(tiles, "matt"), m.plain(wall, "matt")
    m.box((0, 0, h), (w, d, h), m.panes(wall, rng.integers(3, 6), storeys, m.u(-0.6, -0.1), 0.85))
    eave = m.u(1.05, 1.2)
    for y in (1, -1):
        a, b = np.array([0, y * d * eave, 2 * h - rise * (eave - 1)]), np.array([0, 0, 2 * h + rise])
        axes = np.stack([(1, 0, 0), (b - a) / np.linalg.norm(b - a), (0, 0, 0)], 1)
        axes[:, 2] = np.cross(axes[:, 0], axes[:, 1])
        m.box((a + b) / 2, (w * eave, np.linalg.norm(b - a) / 2 + 0.008, 0.014), roof, axes.astype(np.float32))
    for x in (-w, w):
        axes = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]], np.float32)
        m.sheet((x, 0, 2 * h), axes, rise, d, lambda u, v: np.abs(v) < 1 - u, plain)
    door, side = m.plain(), m.pick(1, -1)
    m.box((m.u(-0.5, 0.5) * w, side * d, 0.11), (0.055, 0.012, 0.11), door)
    if m.odds(0.7):
        m.box((m.u(-0.7, 0.7) * w, d * 0.4, 2 * h + rise * 0.8), (0.045, 0.045, rise * 0.35), m.plain((0.5, 0.3, 0.22)))
    if m.odds(0.35):
        m.box((w + 0.1, 0, h * 0.6), (0.12, d * 0.8, h * 0.6), m.panes(wall, 2))
        m.box((w + 0.1, 0, h * 1.2 + 0.01), (0.14, d * 0.88, 0.014), roof)
    return m.finish(stand)


def tower(rng, stand):
    """Lighthouse, castle tower or high-rise."""
    m = Model(rng)
    kind, r = m.pick("light", "castle", "block"), m.u(0.13, 0.22)
    if kind == "block":
        z, floors = 0.0, rng.integers(5, 10)
        wall = m.tone() ** (1 / 2.2)
        for i in range(m.pick(1, 2, 3)):
            h, q = m.u(0.2, 0.45) if i else m.u(0.3, 0.45), r * 0.75**i
            m.box((0, 0, z + h), (q, q * m.u(0.7, 1), h), m.panes(wall, rng.integers(3, 7), int(floors), -0.9, 0.9))
            z += 2 * h
        m.rod((0, 0, z), (0, 0, z + m.u(0.03, 0.3)), 0.015, 0.005, m.metal())
        return m.finish(stand)
    base, n, rows = vary(rng, m.pick((0.6, 0.57, 0.5), (0.5, 0.35, 0.28), WHITE)), rng.integers(5, 9), m.u(12, 20)

    def stones(u, p, noise):
        q = m.local(p)
        row = np.floor(q[2] * rows)
        s = (np.arctan2(q[1], q[0]) / TAU * n * 2 + 0.5 * row) % 1
        joint = (s < 0.08) | (q[2] * rows % 1 < 0.12)
        slit = (np.abs(np.arctan2(q[1], q[0]) * 2 % np.pi - 1.5) < 0.25) & (np.abs(q[2] % 0.3 - 0.15) < 0.05)
        return base[:, None] * np.where(slit, 0.06, 1 - 0.4 * joint) * (1 + 0.25 * noise(q * 13, 2))

    wall = m.print(WHITE, True) if kind == "light" else m.skin(stones, "matt")
    top = r * (m.u(0.5, 0.75) if kind == "light" else m.u(0.85, 1.0))
    m.cone((0, 0, 0), (0, 0, 0.75), r, top, wall)
    if kind == "light":
        roof, rail = m.plain(), m.plain(DARK)
        m.cone((0, 0, 0.75), (0, 0, 0.78), top * 1.35, top * 1.35, rail)
        m.ring((0, 0, 0.85), top * 1.3, 0.01, rail, n=14)
        m.cone((0, 0, 0.78), (0, 0, 0.92), top * 0.75, top * 0.75, Material(vary(rng, (0.9, 0.85, 0.6)), 0.08, 0.1))
        m.lathe([(top * 0.95, 0.92), (top * 0.6, 0.99), (0, 1.03)], roof)
        for a in np.arange(8) * TAU / 8:
            x, y = np.cos(a) * top, np.sin(a) * top
            m.rod((x * 1.3, y * 1.3, 0.78), (x * 1.3, y * 1.3, 0.85), 0.007, 0.007, rail)
            m.rod((x * 0.76, y * 0.76, 0.78), (x * 0.76, y * 0.76, 0.92), 0.008, 0.008, roof)
    else:
        m.cone((0, 0, 0.72), (0, 0, 0.82), top * 1.05, top * 1.25, wall)
        for a in np.arange(9) * TAU / 9:
            axes = about((0, 0, 1), a)
            m.box(axes @ (top * 1.12, 0, 0.86), (0.03, top * 0.25, 0.05), wall, axes)
        if m.odds(0.5):
            m.cone((0, 0, 0.82), (0, 0, m.u(1.05, 1.4)), top * 1.05, 0.005, m.plain())
    return m.finish(stand)


def bridge(rng, stand):
    """Stone bridge on arches, or a suspension bridge."""
    m = Model(rng)
    stone, w, h = m.pick(m.plain, m.metal, m.print)(), m.u(0.07, 0.13), m.u(0.15, 0.28)
    s = np.linspace(-0.5, 0.5, 29)
    hump = m.u(0, 0.12)
    if m.odds(0.55):
        n, pier = rng.integers(1, 5), m.u(0.05, 0.12)
        phase = ((s + 0.5) * n % 1) * 2 - 1
        phase[-1] = -1
        arch = np.sqrt(np.clip(1 - (phase / (1 - pier * n * 0.5)) ** 2, 0, 1)) * h * 0.85
        top = h + 0.03 + hump * (1 - 4 * s**2)
        m.extrude(s, top, arch, w, stone, roof=m.plain(None, "matt"))
        for y in (-w, w):
            m.path(np.stack([s[::4], np.full(8, y), top[::4] + 0.02], 1), 0.018, stone)
    else:
        steel, tall = m.some(), m.u(0.25, 0.4)
        m.box((0, 0, h), (0.62, w, 0.018), m.plain())
        x0 = m.u(0.28, 0.36)
        for y in (-w, w):
            for x in (-x0, x0):
                m.box((x, y, (h + tall) / 2), (0.022, 0.018, (h + tall) / 2), steel)
            x = np.linspace(-0.6, 0.6, 17)
            inner = (x / x0) ** 2
            sag = np.where(
                inner < 1, 0.04 + (tall - 0.05) * inner, np.clip(tall * (0.6 - np.abs(x)) / (0.6 - x0), 0, 1)
            )
            m.path(np.stack([x, np.full(17, y), h + sag], 1), 0.009, steel)
            for i in range(1, 16):
                m.rod((x[i], y, h), (x[i], y, h + sag[i]), 0.004, 0.004, steel)
        for x in (-x0, x0):
            for z in (h + tall, h * 0.6):
                m.box((x, 0, z), (0.02, w, 0.018), steel)
    return m.finish(stand)
