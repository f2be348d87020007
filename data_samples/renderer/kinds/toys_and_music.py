"""Toys and musical instruments: ball, die, pawn, guitar, drum."""

import numpy as np

from ..backgrounds import vary
from ..camera import normalize
from .thing_model import DARK, TAU, WHITE, Model, about


def ball(rng, stand):
    """Football, beach ball, tennis ball, basketball or a printed one."""
    m = Model(rng)
    g = (1 + 5**0.5) / 2
    corners = normalize(np.array([(0, a, b * g) for a in (1, -1) for b in (1, -1)]).T)
    corners = np.concatenate([corners, np.roll(corners, 1, 0), np.roll(corners, 2, 0)], 1)
    kind, one, two, wide = (
        m.pick("foot", "foot", "beach", "seam", "basket", "print"),
        m.tone(),
        m.tone(),
        m.u(0.9, 0.94),
    )
    if kind == "foot" and m.odds(0.6):
        one, two = vary(rng, WHITE), vary(rng, DARK)
    n, three = rng.integers(3, 6), m.tone()

    def color(u, p, noise):
        if kind == "foot":
            order = np.sort(corners.T @ u, 0)
            seam = (order[-1] - order[-2] < 0.02) & (order[-1] <= wide)
            t = (order[-1] > wide) | seam
        elif kind == "beach":
            i = np.floor((np.arctan2(u[1], u[0]) / TAU) * n * 2).astype(int) % 3
            c = np.where(i == 0, one[:, None], np.where(i == 1, two[:, None], three[:, None]))
            return np.where(np.abs(u[2]) > 0.95, one[:, None], c)
        elif kind == "seam":
            t = np.abs(u[2] - 0.7 * np.sin(2 * np.arctan2(u[1], u[0])) * (1 - u[2] ** 2)) < 0.06
        else:
            t = (np.abs(u[0]) < 0.025) | (np.abs(u[1]) < 0.025) | (np.abs(np.abs(u[2]) - 0.2 - 0.5 * u[0] ** 2) < 0.03)
        return np.where(t, two[:, None], one[:, None]) * (1 + 0.1 * noise(u * 6, 2))

    axes = about(rng.normal(0, 1, 3), m.u(0, np.pi))
    long = m.u(1.3, 1.6) if m.odds(0.12) else 1.0
    m.ball((0, 0, 0), (0.5 * long, 0.5, 0.5), m.print() if kind == "print" else m.skin(color), axes)
    return m.finish(stand, None, m.u(0.7, 1.1))


def die(rng, stand):
    """One or more dice with pips."""
    m = Model(rng)
    faces = {1: [(0, 0)], 2: [(-1, -1), (1, 1)], 4: [(-1, -1), (1, 1), (-1, 1), (1, -1)]}
    faces |= {3: faces[1] + faces[2], 5: faces[1] + faces[4], 6: faces[4] + [(-1, 0), (1, 0)]}
    size, gap, ink = m.u(0.1, 0.2), m.u(0.45, 0.55), vary(rng, m.pick(WHITE, DARK, (0.8, 0.1, 0.1)))

    def cube(base):
        def color(u, p, noise):
            c = base[:, None] * (1 + 0.08 * noise(p * 10))
            k = np.abs(u).argmax(0)
            for axis in range(3):
                for sign, value in ((1, axis + 1), (-1, 6 - axis)):
                    s, t = u[(axis + 1) % 3], u[(axis + 2) % 3]
                    near = np.min([(s - gap * x) ** 2 + (t - gap * y) ** 2 for x, y in faces[value]], 0)
                    c = np.where((k == axis) & (sign * u[axis] > 0) & (near < size**2), ink[:, None], c)
            return c

        return m.skin(color, m.pick("satin", "gloss"))

    for i in range(m.pick(1, 1, 1, 2, 3)):
        base = m.tone() if ink.mean() > 0.5 or m.odds(0.5) else vary(rng, WHITE)
        top = about(m.pick((1, 0, 0), (0, 1, 0)), np.pi / 2 * rng.integers(4))
        spot = (i * 1.1, m.u(-0.4, 0.4) * (i > 0), 0.5 if i < 2 else 0.5)
        m.box(spot, (0.5, 0.5, 0.5), cube(base), about((0, 0, 1), m.u(0, 6)) @ top)
    return m.finish(stand, None, m.u(0.7, 1.1))


def pawn(rng, stand):
    """Chess pawn or bishop-like piece: foot, collar, ball."""
    m = Model(rng)
    skin = m.pick(m.wood, m.wood, m.plain, m.metal, m.print)()
    foot, waist, head, h = m.u(0.25, 0.36), m.u(0.07, 0.13), m.u(0.14, 0.2), m.u(0.55, 0.75)
    m.lathe([(0, 0), (foot, 0), (foot, 0.07), (foot * 0.85, 0.13), (foot * 0.9, 0.17), (foot * 0.6, 0.22)], skin)
    m.lathe([(foot * 0.6, 0.22), (waist * 1.2, h * 0.6), (waist, h)], skin, 2)
    m.lathe([(waist, h - 0.03), (head * m.u(0.9, 1.3), h), (waist, h + 0.04)], skin)
    m.ball((0, 0, h + head * 0.9), (head, head, head * m.u(0.9, 1.4)), skin)
    if m.odds(0.2):
        m.ball((0, 0, h + head * 2.1), (0.05, 0.05, 0.05), skin)
    return m.finish(stand, m.fallen(0.2))


def guitar(rng, stand):
    """Acoustic or electric guitar or ukulele, lying or standing."""
    m = Model(rng)
    wood, dark, t, r = m.pick(m.wood, m.wood, m.plain, m.print)(), m.plain(DARK), m.u(0.03, 0.07), m.u(0.17, 0.22)
    upper, side, neck = r * m.u(0.7, 0.85), m.some() if m.odds(0.3) else None, m.u(0.4, 0.6)
    for x, q in ((0, r), (r * 1.25, upper), (r * 0.65, (r + upper) * 0.38)):
        m.cone((x, 0, 0), (x, 0, 2 * t), q, q, wood)
        if side:
            m.cone((x, 0, 0.01), (x, 0, 2 * t - 0.01), q * 1.02, q * 1.02, side)
    if m.odds(0.65):
        m.cone((r * 0.85, 0, 2 * t), (r * 0.85, 0, 2 * t + 0.004), r * 0.38, r * 0.38, dark)
        m.ring((r * 0.85, 0, 2 * t), r * 0.4, 0.01, m.plain(), n=14)
    else:
        for x in (0.1, 0.5):
            m.box((r * x, 0, 2 * t + 0.005), (0.02, r * 0.4, 0.012), dark)
        for y in (1, -1):
            m.rod((r * 1.2, y * upper * 0.8, t), (r * 1.9, y * upper * m.u(0.4, 1.0), t), t, t * 0.5, wood)
    m.box((-r * 0.4, 0, 2 * t + 0.01), (0.02, r * 0.42, 0.012), dark)
    start, end = r * 1.2, r * 2 + neck
    m.box(((start + end) / 2, 0, 2 * t), ((end - start) / 2, 0.033, 0.016), m.wood(0))
    m.box((end + 0.07, 0, 2 * t - 0.01), (0.08, 0.05, 0.013), wood)
    wire = m.plain((0.8, 0.78, 0.7), "metal")
    for y in np.linspace(-0.024, 0.024, 4):
        m.rod((-r * 0.4, y * 1.4, 2 * t + 0.025), (end, y, 2 * t + 0.022), 0.0025, 0.0025, wire)
        m.rod((end + 0.07 + y * 2, -0.075, 2 * t), (end + 0.07 + y * 2, 0.075, 2 * t), 0.01, 0.01, wire)
    return m.finish(stand, about((0, 1, 0), -m.u(1.2, 1.55)) if m.odds(0.2) else None)


def drum(rng, stand):
    """Drum with hoops, lugs or cords, perhaps with sticks."""
    m = Model(rng)
    shell, hoop, skin = m.some(), m.some(), m.plain(m.pick(WHITE, (0.85, 0.78, 0.62)), "satin")
    r, h, n = m.u(0.3, 0.5), m.u(0.2, 0.7), rng.integers(5, 10)
    waist = m.pick(1, 1, 1, m.u(0.6, 1.2))
    m.lathe([(r, 0), (r * waist, h * 0.5), (r, h)], shell, 1)
    for z in (0, h):
        m.lathe([(r * 1.04, z - 0.03), (r * 1.04, z + 0.03)], hoop)
        m.ring((0, 0, z + 0.02), r * 1.03, 0.018, hoop, n=20)
        m.lathe([(0, z), (r, z + 0.005)], skin)
    for i in range(n):
        a, b, c = (
            np.array([np.cos(k), np.sin(k)]) * r * 1.04 for k in (TAU * i / n, TAU * (i + 0.5) / n, TAU * (i + 1) / n)
        )
        if waist == 1:
            m.path([(*a, 0.02), (*b, h - 0.02), (*c, 0.02)], 0.012, hoop)
    if m.odds(0.5):
        for y in (-0.1, 0.1):
            a = m.u(-0.5, 0.5)
            end = np.array([0.45 * np.cos(a), y + 0.4 * np.sin(a), h + 0.06])
            m.rod((-0.35, y, h + 0.04), end, 0.018, 0.014, stick := m.wood(0))
            m.ball(end, (0.04, 0.035, 0.035), stick)
    return m.finish(stand, m.fallen(0.2))
