"""Animals of the water: crab, starfish, fish."""

import numpy as np

from ..backgrounds import pick, vary
from ..insects import chain, chitin
from ..primitives import Ellipsoid
from ..scene import Material, Subject
from .animal_model import (
    BLACK,
    BLUE,
    BROWN,
    CREAM,
    DARK,
    GREY,
    OLIVE,
    ORANGE,
    PINK,
    PURPLE,
    RED,
    RUST,
    SAND,
    SKY,
    TAN,
    TEAL,
    WHITE,
    WINE,
    YELLOW,
    Model,
    fan,
    painted,
)


def crab(rng, stand) -> Subject:
    """A crab: broad flat shell, eyes on stalks, two claws, eight sideways legs."""
    one, two = pick(rng, [(RED, ORANGE), (ORANGE, CREAM), (RUST, TAN), (OLIVE, DARK), (BLUE, SKY), (BROWN, CREAM),
                          (GREY, WHITE), (PURPLE, ORANGE), (SAND, BROWN), (TEAL, RED)])  # fmt: skip
    skin = painted(rng, one, two, pick(rng, ["plain", "mottle", "spots", "belly"]), 0.05, bump=0.3)
    limb = painted(rng, pick(rng, [one, one, two]), two, pick(rng, ["plain", "joint"]), 0.05)
    m = Model(rng, stand, rng.uniform(0.13, 0.19), pitch=rng.normal(0, 0.06))
    wide, long, tall = rng.uniform(0.25, 0.36), rng.uniform(0.19, 0.25), rng.uniform(0.09, 0.14)
    m.ball((0, 0, 0), (long, wide, tall), skin)
    m.ball((0.05, 0, 0.01), (long * 0.85, wide * 0.95, tall * 0.8), skin)
    claw = rng.uniform(0.8, 1.3)
    for side in (1, -1):
        stalk = (long + 0.03, 0.10 * side, rng.uniform(0.09, 0.15))
        m.tube([(long * 0.85, 0.08 * side, 0.04), stalk], [0.018, 0.016], limb)
        m.ball(stalk, (0.025, 0.025, 0.03), Material((0.006, 0.005, 0.005), 0.06, 0.12), False)
        out, ahead, up = wide + rng.uniform(0.04, 0.14), long + rng.uniform(0.05, 0.2), rng.uniform(-0.06, 0.1)
        arm = [(0.12, wide * 0.8 * side, -0.02), (0.2, out * side, up), (ahead, out * side * 0.85, up)]
        m.tube(arm, [0.04, 0.05, 0.04], limb, core=True)
        c = m.part((ahead, out * side * 0.85, up), -side * rng.uniform(0.2, 1.1), rng.normal(0, 0.2))
        s = claw * (rng.choice([1.0, 1.5]) if side > 0 else 1.0)
        c.ball((0.07, 0, 0), (0.11 * s, 0.06 * s, 0.075 * s), skin)
        gape = rng.uniform(0.01, 0.05)
        for k in (1, -1):
            finger = [
                (0.13 * s, 0, 0.035 * k * s),
                (0.21 * s, 0, (0.025 * s + gape) * k),
                (0.27 * s, 0, 0.2 * gape * k),
            ]
            c.tube(finger, [0.034 * s, 0.026 * s, 0.008], pick(rng, [skin, limb]))
        for i in range(4):
            angle, far = (1.05, 1.4, 1.75, 2.15)[i] + rng.normal(0, 0.07), rng.uniform(0.55, 0.68)
            foot = m.ground(far * np.cos(angle), far * np.sin(angle) * side, 0.01)
            m.limb((0.10 - 0.09 * i, wide * 0.8 * side, -0.03), foot, [0.032, 0.028, 0.009], limb, 0.6)
    return m.done()


def starfish(rng, stand) -> Subject:
    """A starfish: five (sometimes more) tapering arms with bumps, draped over the ground."""
    one, two = pick(rng, [(ORANGE, CREAM), (RED, ORANGE), (BLUE, SKY), (PURPLE, PINK), (SAND, BROWN), (TAN, WHITE),
                          (WINE, ORANGE), (YELLOW, RUST), (TEAL, CREAM), (PINK, CREAM)])  # fmt: skip
    skin = painted(rng, one, two, pick(rng, ["plain", "mottle", "spots", "belly"]), 0.03, bump=0.45)
    knob = chitin(rng, pick(rng, [two, two, one, WHITE]), 0.04)
    m = Model(rng, stand, 0.03)
    arms, r, turn = pick(rng, [5, 5, 5, 5, 6, 8]), rng.uniform(0.07, 0.13), rng.uniform(0, 6.28)
    m.ball((0, 0, 0.01), (r * 1.5, r * 1.5, r * 0.8), skin)
    for i in range(arms):
        a, bend = turn + 2 * np.pi * i / arms + rng.normal(0, 0.08), rng.normal(0, 0.35)
        long = rng.uniform(0.40, 0.52)
        points = []
        for s in np.linspace(0.05, 1, 6):
            b = a + bend * s * s
            points.append(m.ground(long * s * np.cos(b), long * s * np.sin(b), 0.02 + 0.03 * (1 - s)))
        m.subject.core += chain(points, list(r * np.linspace(0.95, 0.25, 6)), skin)
        for p, w in zip(points[1:], r * np.linspace(0.95, 0.25, 6)[1:], strict=True):
            m.subject.solids.append(Ellipsoid(p + np.float32([0, 0, w]), np.full(3, 0.014), None, knob))
    return m.done()


def fish(rng, stand) -> Subject:
    """A fish, upright just above the ground or lying on its side: scales, forked tail, back, belly and side fins."""
    one, two = pick(rng, [(ORANGE, WHITE), (GREY, WHITE), (SKY, GREY), (YELLOW, BLUE), (RED, CREAM), (OLIVE, CREAM),
                          (BLUE, YELLOW), (TEAL, ORANGE), (BLACK, YELLOW), (PINK, GREY), (BROWN, SAND),
                          (PURPLE, YELLOW)])  # fmt: skip
    deep, thin, bend = rng.uniform(0.14, 0.30), rng.uniform(0.05, 0.09), rng.normal(0, 0.12)
    skin = painted(rng, one, two, pick(rng, ["belly", "belly", "bands", "spots", "mottle", "plain"]), 0.08, 0.3, 0.8)
    under, size = skin.color, rng.uniform(28, 50)

    def scales(u, p, noise):
        row = np.floor((u[2] + 1) * size / 4)
        cell = np.hypot((u[0] * size / 2.5 + 0.5 * (row % 2)) % 1 - 0.2, (u[2] + 1) * size / 4 % 1 - 0.5)
        return under(u, p, noise) * (0.75 + 0.35 * np.clip(1.3 - 1.4 * cell, 0, 1))

    skin.color = scales
    lying = rng.random() < 0.4
    m = Model(
        rng, stand, thin * 0.9 if lying else deep + rng.uniform(0.02, 0.15), pitch=0 if lying else rng.normal(0, 0.15)
    )
    if lying:
        m.axes = m.axes @ np.float32([[1, 0, 0], [0, 0, rng.choice([-1, 1])], [0, 1, 0]])
    m.ball((0.08, 0, 0), (0.32, thin, deep), skin)
    m.ball((-0.10, bend * 0.1, 0), (0.33, thin * 0.75, deep * 0.72), skin)
    m.ball((-0.32, bend * 0.3, 0), (0.16, thin * 0.4, deep * 0.35), skin)
    m.ball((0.30, 0, -0.01), (0.14, thin * 0.75, deep * 0.6), painted(rng, one, two, "belly", 0.06))
    m.tube([(0.40, 0, -0.03), (0.435, 0, -0.03)], [0.035, 0.025], chitin(rng, two, 0.05))
    rim = Material(vary(rng, pick(rng, [YELLOW, WHITE, ORANGE])), 0.05, 0.3)
    m.eyes((0.30, thin * 0.62, 0.03), (0.035, 0.012, 0.035), rim)
    m.eyes((0.30, thin * 0.72, 0.03), (0.02, 0.010, 0.02))
    film = painted(rng, pick(rng, [one, two, ORANGE, GREY]), two, "grooves", 0.04, translucency=0.5)
    tail, fork = rng.uniform(0.2, 0.32), rng.uniform(0.1, 0.7)
    m.fin((-0.42, bend * 0.45, 0), (-1, bend, 0), (0, 0, 1), tail, rng.uniform(0.13, 0.24),
          lambda u, v: (np.abs(v) < 0.15 + 0.85 * u) & (u < 1 - fork * (1 - np.abs(v))), film, core=True)  # fmt: skip
    crest = rng.uniform(0.08, 0.2)
    m.fin((0.0, 0, deep * 0.75), (-0.35, 0, 1), (1, 0, 0), crest + deep * 0.25, rng.uniform(0.12, 0.26),
          lambda u, v: u < 0.3 + 0.7 * (0.5 + 0.5 * v) ** 0.6, film)  # fmt: skip
    m.fin((-0.15, 0, -deep * 0.5), (-0.5, 0, -1), (1, 0, 0), crest * 0.7 + deep * 0.2, 0.10, fan, film)
    for side in (1, -1):
        m.fin(
            (0.17, thin * 0.8 * side, -deep * 0.3),
            (-1, side * rng.uniform(0.3, 1.2), -0.5),
            (0, 0, 1),
            0.16,
            0.07,
            fan,
            film,
        )
    return m.done()
