"""Tools and hardware: spoon, key, padlock, scissors, hammer, screw, hex nut, gear, pencil."""

import numpy as np

from .thing_model import DARK, TAU, Model, about


def spoon(rng, stand):
    """Spoon or fork of steel, wood or plastic, lying flat."""
    m = Model(rng)
    skin, w, tilt = m.pick(m.metal, m.metal, m.wood, m.plain)(), m.u(0.08, 0.15), m.u(-0.01, 0.06)
    grip = m.some() if m.odds(0.3) else skin
    m.rod((0.02, 0, 0.03), (0.35, 0, 0.05 + tilt), w * 0.16, w * 0.14, skin)
    m.rod((0.35, 0, 0.05 + tilt), (m.u(0.65, 0.9), 0, 0.04), w * 0.14, w * m.u(0.18, 0.4), grip)
    if m.odds(0.65):
        length = w * m.u(2.2, 3.2)

        def oval(u, v):
            return v**2 < 4 * u * (1 - u) * (0.6 + 0.8 * u)

        axes = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
        m.sheet((0.03, 0, 0.03), axes, length, w, oval, skin, m.u(-0.02, 0.03), m.u(0.03, 0.06))
    else:
        n = rng.integers(2, 5)
        for y in np.linspace(-w, w, n):
            m.path([(0.03, y * 0.3, 0.03), (-0.05, y, 0.01), (-m.u(0.2, 0.3), y, 0.05)], [0.02, 0.018, 0.01], skin)
    return m.finish(stand)


def key(rng, stand):
    """Door key lying flat: bow, shaft, bit."""
    m = Model(rng)
    skin, r, t = m.pick(m.metal, m.metal, m.some)(), m.u(0.12, 0.2), m.u(0.018, 0.035)
    if m.odds(0.4):
        m.ring((-r, 0, t), r, t, skin, x=(m.u(0.7, 1.1), 0, 0), n=18)
    elif m.odds(0.5):
        for a in (0.0, TAU / 3, -TAU / 3):
            m.ring((-r - r * 0.7 * np.cos(a), r * 0.8 * np.sin(a), t), r * 0.5, t, skin, n=10)
    else:
        m.lathe([(r, 0), (r, 2 * t), (r * 0.35, 2 * t), (r * 0.35, 0)], skin, foot=(-r, 0, 0))
    m.rod((-0.02, 0, t), (0.72, 0, t), t * 1.2, t, skin)
    m.cone((0.03, 0, t), (0.07, 0, t), t * 1.9, t * 1.9, skin)
    for x in np.linspace(0.72, 0.72 - m.u(0.1, 0.4), rng.integers(2, 7)):
        deep = m.u(0.04, 0.14)
        m.box((x, deep / 2, t), (m.u(0.015, 0.03), deep / 2, t * 0.7), skin)
    return m.finish(stand)


def padlock(rng, stand):
    """Padlock with shackle and keyhole, upright or lying."""
    m = Model(rng)
    body, bar, w, h = m.some() if m.odds(0.6) else m.metal(), m.metal(), m.u(0.25, 0.38), m.u(0.22, 0.35)
    d, r, t = m.u(0.08, 0.15), w * m.u(0.55, 0.75), m.u(0.035, 0.06)
    if m.odds(0.65):
        m.box((0, 0, h), (w, d, h), body)
    else:
        m.cone((0, -d, h), (0, d, h), h * 1.1, h * 1.1, body)
    leg, lift = 2 * h + m.u(0.05, 0.25), m.u(0.1, 0.2) if m.odds(0.3) else 0
    m.path([(-r, 0, h), (-r, 0, leg + lift)], t, bar)
    m.path([(r, 0, h + lift * 6 if lift else h), (r, 0, leg + lift)], t, bar)
    m.ring((0, 0, leg + lift), r, t, bar, y=(0, 0, 1), start=0, end=np.pi, n=10)
    dark = m.plain(DARK, "matt")
    for y in (d, -d):
        m.cone((0, y * 0.9, h), (0, y * 1.03, h), 0.05, 0.05, dark)
        m.box((0, y, h * 0.8), (0.02, 0.012, h * 0.25), dark)
    return m.finish(stand, about((1, 0, 0), np.pi / 2) if m.odds(0.45) else None)


def scissors(rng, stand):
    """Scissors lying flat, half open."""
    m = Model(rng)
    blade, grip, a = m.metal(), m.some() if m.odds(0.8) else m.metal(), m.u(0.05, 0.45)
    long, loop, w = m.u(0.45, 0.65), m.u(0.1, 0.15), m.u(0.04, 0.06)
    for side in (1, -1):
        ahead = np.array([np.cos(a), side * np.sin(a), 0])
        across = np.array([-ahead[1], ahead[0], 0]) * side
        axes, z = np.stack([ahead, across, (0, 0, side)], 1).astype(np.float32), 0.03 + 0.012 * side
        m.sheet((*(-0.1 * ahead[:2]), z), axes, long, w, lambda u, v: (v < 1 - u) & (v > -0.8 + 0.5 * u), blade)
        m.box((*(0.1 * ahead[:2]), z), (0.17, w * 0.4, 0.011), blade, axes)
        c = -ahead * (0.3 + loop) - across * loop * 0.6
        m.path(
            [(0, 0, z), -ahead * 0.2 + (0, 0, z), -ahead * 0.3 - across * 0.03 + (0, 0, z)], [0.03, 0.03, 0.03], grip
        )
        m.ring(c + (0, 0, 0.03), loop, 0.028, grip, ahead * m.u(1.0, 1.5), across, n=12)
    m.cone((0, 0, 0.02), (0, 0, 0.065), 0.03, 0.025, m.metal())
    return m.finish(stand)


def hammer(rng, stand):
    """Hammer with a claw, a peen or two faces, lying on its side."""
    m = Model(rng)
    head, r = m.metal(), m.u(0.06, 0.11)
    m.rod((0, 0, 0), (0.45, 0, 0), 0.035, 0.035, m.wood(0))
    m.rod((0.4, 0, 0), (0.85, 0, 0), m.u(0.035, 0.05), m.u(0.04, 0.055), m.plain() if m.odds(0.5) else m.wood(0))
    m.box((0, 0, 0), (r * 0.8, r * 1.1, r * 0.8), head)
    reach = m.u(0.16, 0.24)
    m.cone((0, r, 0), (0, reach, 0), r * 0.6, r * 0.7, head)
    m.cone((0, reach - 0.03, 0), (0, reach + 0.05, 0), r * 1.05, r * 1.1, head)
    kind = m.u()
    if kind < 0.5:
        for z in (-1, 1):
            points = [(0, -r * 0.8, z * 0.02), (0.01, -reach, z * 0.04), (0.08, -reach - 0.1, z * 0.06)]
            m.path(points, [r * 0.6, r * 0.4, 0.015], head)
    elif kind < 0.75:
        m.rod((0, -r, 0), (0, -reach, 0), r * 0.7, r * 0.25, head)
    else:
        m.cone((0, -r * 0.5, 0), (0, -reach - 0.05, 0), r * 0.7, r * 1.05, head)
    return m.finish(stand, about((1, 0, 0), m.u(-0.1, 0.1)))


def screw(rng, stand):
    """Screw or bolt with a slotted, crossed or hexagonal head; lying or standing on its head."""
    m = Model(rng)
    skin, r, pitch = m.metal(), m.u(0.07, 0.13), m.u(0.045, 0.08)
    wide, tall, tip = r * m.u(1.7, 2.4), m.u(0.06, 0.15), m.u(0.0, 0.3)
    bare, slot = m.u(0.0, 0.3), m.plain(DARK, "matt")
    if m.odds(0.3):
        for a in (0.0, TAU / 6, TAU / 3):
            m.box((0, 0, tall * 0.6), (wide, wide * 0.577, tall * 0.6), skin, about((0, 0, 1), a))
    else:
        round_top = m.odds(0.5)
        m.lathe(
            [(0, 0), (wide * (0.55 if round_top else 1), 0), (wide, tall * 0.5), (wide if round_top else r, tall)], skin
        )
        m.cone((0, 0, tall - 0.004), (0, 0, tall), wide if round_top else r, r, skin)
        for a in (0, np.pi / 2)[: rng.integers(1, 3)]:
            m.box((0, 0, 0), (wide * m.u(0.6, 0.95), 0.022, 0.02), slot, about((0, 0, 1), a))
    m.cone((0, 0, tall), (0, 0, tall + bare + 0.02), r, r, skin)
    thread = []
    for z in np.arange(tall + bare, 1.0, pitch):
        taper = np.clip((1.0 - z) / (tip + 0.01), 0, 1) if tip > 0.08 else 1
        thread += [(r * 0.75 * taper, z), (r * 1.05 * taper + 0.01, z + pitch / 2)]
    m.lathe([*thread, (0, 1.0)], skin)
    return m.finish(stand, m.fallen(0.7))


def hex_nut(rng, stand):
    """Hexagonal nut, flat or on edge, some with a collar."""
    m = Model(rng)
    skin, h, hole = m.pick(m.metal, m.metal, m.metal, m.plain)(), m.u(0.12, 0.32), m.u(0.22, 0.32)
    for a in np.arange(6) * TAU / 6:
        axes = about((0, 0, 1), a)
        m.box(axes @ (0.41, 0, 0), (0.09, 0.289, h), skin, axes)
    for z in (h, -h):
        m.lathe([(hole, z), (hole + 0.02, z * 1.06), (0.47, z * 1.06), (0.52, z)], skin)
    m.lathe([(hole - 0.02 * (i % 2), z) for i, z in enumerate(np.linspace(-h, h, 15))], skin)
    if m.odds(0.3):
        m.lathe([(hole, -h - 0.06), (m.u(0.6, 0.75), -h - 0.06), (0.55, -h + 0.05)], skin)
    return m.finish(stand, about((1, 0, 0), np.pi / 2) if m.odds(0.25) else None)


def gear(rng, stand):
    """Toothed wheel with a bore and perhaps spokes, flat or upright."""
    m = Model(rng)
    skin, n, h, hole = m.some() if m.odds(0.4) else m.metal(), rng.integers(8, 25), m.u(0.04, 0.16), m.u(0.06, 0.16)
    rim, tooth, tooth_half = m.u(0.62, 0.85), m.u(0.07, 0.13), m.u(0.65, 0.95) / n
    m.lathe([(0.5, -h), (0.5, h), (0.5 * rim, h), (0.5 * rim, -h), (0.5, -h)], skin)
    for a in np.arange(n) * TAU / n:
        axes = about((0, 0, 1), a)
        m.box(axes @ (0.49 + tooth / 2, 0, 0), (tooth / 2 + 0.02, tooth_half, h), skin, axes)
    m.lathe([(hole, -h), (hole, h * 1.2), (hole + 0.06, h * 1.2), (hole + 0.06, -h)], skin)
    if m.odds(0.5):
        for a in np.arange(k := rng.integers(3, 7)) * TAU / k:
            axes = about((0, 0, 1), a)
            middle = (hole + 0.5 * rim) / 2 + 0.02
            m.box(axes @ (middle, 0, 0), (0.27 * rim - hole / 2, 0.05, h * 0.7), skin, axes)
    else:
        plate = m.plain() if m.odds(0.3) else skin
        for z in (h, -h):
            m.lathe([(hole, z * 0.5), (0.5 * rim + 0.01, z * 0.5)], plate)
    return m.finish(stand, about((1, 0, 0), np.pi / 2) if m.odds(0.25) else None)


def pencil(rng, stand):
    """Pencil, crayon or paintbrush, mostly lying."""
    m = Model(rng)
    coat, bare, r, k = (
        m.pick(m.print, m.plain, m.wood)(),
        m.plain((0.8, 0.65, 0.45), "matt"),
        m.u(0.025, 0.05),
        m.u(0.1, 0.2),
    )
    lead = m.plain(m.pick(DARK, DARK, (0.8, 0.2, 0.1), (0.1, 0.3, 0.7)))
    if m.odds(0.35):  # a brush
        m.lathe([(0.01, -0.5), (r, -0.2), (r * 0.7, 0.3)], coat, 1)
        m.cone((0, 0, 0.28), (0, 0, 0.42), r * 0.8, r * 1.1, m.metal())
        m.lathe([(r, 0.42), (r * m.u(1.1, 1.9), 0.52), (r * 0.1, m.u(0.6, 0.75))], m.plain(None, "matt"), 2)
    else:
        if m.odds(0.7):
            for a in (0.0, TAU / 6, TAU / 3):
                m.box((0, 0, 0), (r, r * 0.577, 0.5), coat, about((0, 0, 1), a))
        else:
            m.cone((0, 0, -0.5), (0, 0, 0.5), r, r, coat)
        m.cone((0, 0, 0.5), (0, 0, 0.5 + k), r * 1.08, r * 0.3, bare)
        m.cone((0, 0, 0.5 + k), (0, 0, 0.5 + k * 1.35), r * 0.3, 0.001, lead)
        if m.odds(0.5):
            m.cone((0, 0, -0.58), (0, 0, -0.49), r * 1.08, r * 1.08, m.metal())
            m.rod((0, 0, -0.6), (0, 0, -0.64), r, r * 0.9, m.plain((0.8, 0.45, 0.45), "matt"))
    return m.finish(stand, m.fallen(0.95))
