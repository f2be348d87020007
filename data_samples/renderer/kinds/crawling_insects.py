"""Insects that mostly walk or jump: beetle, weevil, grasshopper, cockroach, shield bug."""

import numpy as np

from ..backgrounds import pick, vary
from ..insects import chain, chitin
from ..primitives import Ellipsoid, rotation
from ..scene import Subject
from .animal_model import (
    BLACK,
    BLUE,
    BROWN,
    COPPER,
    CREAM,
    DARK,
    GREEN,
    GREY,
    LIME,
    OLIVE,
    ORANGE,
    PINK,
    PURPLE,
    RED,
    RUST,
    SAND,
    TAN,
    TEAL,
    WHITE,
    WINE,
    YELLOW,
    Model,
    painted,
)

BEETLES = [  # wing cases, head and pronotum, pattern colour
    (BLACK, BLACK, DARK),
    (WINE, DARK, RUST),
    (BROWN, DARK, TAN),
    (GREEN, TEAL, YELLOW),
    (TEAL, BLUE, PURPLE),
    (COPPER, GREEN, PURPLE),
    (PURPLE, BLUE, TEAL),
    (YELLOW, ORANGE, BLACK),
    (ORANGE, BLACK, BLACK),
    (RUST, BROWN, CREAM),
    (GREY, BLACK, WHITE),
    (OLIVE, DARK, CREAM),
]


def beetle(rng, stand) -> Subject:
    """A beetle: round, ground, stag, rhinoceros or longhorn; hard wing cases with a seam down the middle."""
    form = pick(rng, ["round", "ground", "stag", "rhino", "longhorn", "click"])
    case, front, second = pick(rng, BEETLES)
    gloss = rng.uniform(0.04, 0.2)
    pattern = pick(rng, ["grooves", "grooves", "plain", "lines", "bands", "mottle"])
    if form == "round" and pattern == "mottle":  # round and blotched would be a ladybird
        pattern = "lines"
    base = painted(rng, case, second, pattern, gloss, rng.uniform(0.15, 0.4), bump=0.04)
    paint = base.color

    def seamed(u, p, noise):
        return paint(u, p, noise) * np.where(np.abs(u[1]) < 0.03, 0.25, 1.0)

    base.color = seamed
    fore, dark = chitin(rng, front, gloss), chitin(rng, pick(rng, [BLACK, DARK, front, RUST]), 0.05)
    wide = {"round": 0.33, "ground": 0.21, "stag": 0.23, "rhino": 0.30, "longhorn": 0.17, "click": 0.15}[form]
    wide, long = wide * rng.uniform(0.9, 1.12), rng.uniform(0.30, 0.38)
    tall = wide * rng.uniform(0.6, 0.9)
    m = Model(rng, stand, tall * 0.9 + rng.uniform(0.03, 0.09), pitch=rng.normal(0.03, 0.06))
    m.ball((-0.16, 0, 0), (long, wide, tall), base)
    m.ball((-0.12, 0, -0.25 * tall), (long * 0.9, wide * 0.85, tall * 0.7), dark)
    neck = long - 0.19
    pw = wide * rng.uniform(0.72, 0.95)
    m.ball((neck + 0.05, 0, -0.1 * tall), (0.15, pw, tall * 0.78), fore)
    h = m.part((neck + 0.17, 0, -0.25 * tall), rng.normal(0, 0.12), rng.uniform(-0.5, 0.05))
    size = 0.095 * rng.uniform(0.9, 1.2) * (1.35 if form == "stag" else 1)
    h.ball((0.03, 0, 0), (size, size * 1.05, size * 0.75), fore)
    h.eyes((0.05, size * 0.85, 0.015), np.array([0.3, 0.25, 0.3]) * size)
    if form == "stag":
        reach, gape = rng.uniform(0.15, 0.3), rng.uniform(0.05, 0.13)
        for side in (1, -1):
            h.tube(
                [
                    (size, 0.05 * side, 0),
                    (size + reach * 0.6, (0.05 + gape) * side, 0.02),
                    (size + reach, 0.03 * side, 0),
                ],
                [0.03, 0.028, 0.01],
                fore,
                core=True,
            )
            h.tube(
                [(size + reach * 0.6, (0.05 + gape) * side, 0.02), (size + reach * 0.7, gape * 0.4 * side, 0.02)],
                [0.02, 0.008],
                fore,
            )
    elif form == "rhino":
        reach = rng.uniform(0.12, 0.3)
        h.tube(
            [(0.08, 0, 0.04), (0.1 + reach * 0.6, 0, 0.04 + reach * 0.5), (0.06 + reach * 0.6, 0, 0.04 + reach)],
            [0.04, 0.028, 0.01],
            fore,
            core=True,
        )
    else:
        for side in (1, -1):
            h.tube([(size, 0.04 * side, -0.02), (size * 1.7, 0.01 * side, -0.03)], [0.02, 0.006], dark)
    if form == "longhorn":
        h.feelers((size * 0.8, size * 0.6, 0.03), rng.uniform(0.7, 1.2), 0.015, dark, (0.4, 1.2), (0.1, 0.6), 0.5, 9)
    else:
        club = pick(rng, [0.7, 1.0, 2.2])
        h.feelers((size * 0.8, size * 0.6, 0), rng.uniform(0.15, 0.35), 0.013, dark, (0.4, 1.1), (0.0, 0.5), club)
    reach = rng.uniform(0.85, 1.1)
    y = wide * 0.6
    m.six_legs(
        [(neck + 0.04, y, -tall * 0.5), (-0.06, y, -tall * 0.6), (-0.22, y, -tall * 0.6)],
        [(0.40 * reach, wide + 0.16), (0.0, wide + 0.24 * reach), (-0.42 * reach, wide + 0.18)],
        rng.uniform(0.016, 0.027),
        dark,
        0.75,
    )
    return m.done()


def weevil(rng, stand) -> Subject:
    """A weevil: pear-shaped beetle with a long bent snout that carries its elbowed feelers."""
    one, two = pick(
        rng, [(BROWN, TAN), (BLACK, GREY), (GREY, CREAM), (LIME, TEAL), (RUST, DARK), (TAN, DARK), (TEAL, BLACK)]
    )
    skin = painted(
        rng, one, two, pick(rng, ["grooves", "grooves", "mottle", "bands", "spots"]), rng.uniform(0.02, 0.08)
    )
    dark = chitin(rng, pick(rng, [one, DARK, BLACK, RUST]), 0.04)
    wide = rng.uniform(0.17, 0.25)
    tall = wide * rng.uniform(0.9, 1.1)
    m = Model(rng, stand, tall + rng.uniform(0.03, 0.1))
    m.ball((-0.18, 0, 0), (rng.uniform(0.26, 0.32), wide, tall), skin)
    m.ball((0.12, 0, -0.03), (0.16, wide * 0.68, tall * 0.68), skin)
    h = m.part((0.25, 0, -0.03), rng.normal(0, 0.15), rng.uniform(-0.75, -0.2))
    h.ball((0.02, 0, 0), (0.09, 0.075, 0.075), skin)
    h.eyes((0.05, 0.055, 0.025), (0.026, 0.02, 0.028))
    snout, thick = rng.uniform(0.24, 0.45), rng.uniform(0.026, 0.045)
    h.tube(
        [(0.06, 0, 0), (0.06 + snout * 0.5, 0, -0.01), (0.06 + snout, 0, -0.02 - 0.15 * snout)],
        [thick * 1.3, thick, thick * 1.15],
        dark,
        core=True,
    )
    for side in (1, -1):
        s, out = 0.06 + snout * rng.uniform(0.4, 0.7), rng.uniform(0.08, 0.14)
        h.tube(
            [
                (s, thick * side, 0),
                (s - 0.02, out * side, 0.07),
                (s + 0.06, (out + 0.03) * side, 0.04),
                (s + 0.1, (out + 0.03) * side, 0.01),
            ],
            [0.01, 0.009, 0.011, 0.02],
            dark,
        )
    r = rng.uniform(0.9, 1.1)
    m.six_legs(
        [(0.13, 0.08, -tall * 0.5), (-0.04, 0.1, -tall * 0.6), (-0.16, 0.1, -tall * 0.6)],
        [(0.36 * r, 0.30), (0.0, 0.40 * r), (-0.38 * r, 0.36)],
        rng.uniform(0.019, 0.027),
        dark,
        0.8,
    )
    return m.done()


def _wing_case(rng, one, two, marking="plain"):
    """Leathery opaque fore wing."""
    return painted(rng, one, two, marking, 0.04, rng.uniform(0.3, 0.6), translucency=0.15)


def blade(u, v):
    return np.abs(v) < np.minimum(u * 5 + 0.25, 1) * np.sqrt(np.maximum(1 - u**5, 0))


def grasshopper(rng, stand) -> Subject:
    """A grasshopper or bush cricket: upright head, long body, folded wings, huge raised hind legs."""
    one, two = pick(rng, [(GREEN, LIME), (LIME, YELLOW), (BROWN, TAN), (SAND, BROWN), (OLIVE, DARK), (TAN, DARK),
                          (GREY, DARK), (GREEN, BROWN), (RUST, TAN), (YELLOW, BLACK), (PINK, RUST)])  # fmt: skip
    skin = painted(rng, one, two, pick(rng, ["belly", "plain", "mottle", "spots", "lines"]), 0.04)
    limbs = painted(rng, pick(rng, [one, one, two]), two, pick(rng, ["joint", "plain"]), 0.04)
    m = Model(rng, stand, rng.uniform(0.15, 0.19), pitch=rng.normal(0.06, 0.06))
    slim = rng.uniform(0.85, 1.15)
    m.ball((0.20, 0, 0.02), np.array([0.13, 0.085, 0.10]) * slim, skin)
    xs = np.linspace(0.14, -0.50, 6)
    m.tube([(x, 0, 0) for x in xs], np.array([0.08, 0.08, 0.075, 0.065, 0.05, 0.028]) * slim, skin, core=True)
    h = m.part((0.31, 0, 0.03), rng.normal(0, 0.08), rng.normal(-0.1, 0.1))
    h.ball((0.03, 0, -0.01), (rng.uniform(0.055, 0.075), 0.07, 0.105), skin)
    h.ball((0.04, 0, -0.08), (0.04, 0.05, 0.05), limbs)
    h.eyes((0.05, 0.055, 0.04), (0.028, 0.022, 0.036))
    bush = rng.random() < 0.4
    long = rng.uniform(0.6, 1.0) if bush else rng.uniform(0.16, 0.28)
    h.feelers((0.08, 0.025, 0.06), long, 0.006 if bush else 0.010, limbs, (0.2, 0.7), (0.3, 0.9), 0.6, 8)
    length = rng.uniform(0.15, 0.75) if rng.random() < 0.3 else rng.uniform(0.6, 0.75)
    case = _wing_case(rng, pick(rng, [one, one, two]), two, pick(rng, ["plain", "spots", "mottle"]))
    for side in (1, -1):
        m.wing((0.14, 0.06 * side, 0.055), side, 1.47, rng.uniform(-0.05, 0.06), length, 0.075, blade, case, 0.9,
               clear=False)  # fmt: skip
        fold, back = rng.uniform(0.2, 0.34), rng.uniform(-0.36, -0.22)
        hip, knee = (-0.02, 0.08 * side, 0), (back, (0.13 + rng.uniform(0, 0.06)) * side, fold)
        foot = m.ground(rng.uniform(-0.55, -0.25), 0.24 * side, 0.012)
        middle = 0.75 * np.array(hip) + 0.25 * np.array(knee)
        m.tube([hip, middle, knee], [0.045, 0.052, 0.02], limbs, core=True)
        m.subject.solids += chain(
            [m.at(*knee), foot, foot + np.float32([-0.08, 0.02 * side, 0])], [0.02, 0.013, 0.009], limbs
        )
        for x, far in ((0.24, 0.36), (0.12, 0.08)):
            m.limb((x, 0.06 * side, -0.05), m.ground(far + rng.normal(0, 0.04), 0.24 * side, 0.01), [0.02, 0.016, 0.01],
                   limbs, 0.62, toe=0.05)  # fmt: skip
    return m.done()


def cockroach(rng, stand) -> Subject:
    """A cockroach: flat oval body, head hidden under a shield, long whip feelers, spiny legs, tail feelers."""
    one, two = pick(rng, [(COPPER, BROWN), (BROWN, DARK), (TAN, BROWN), (RUST, YELLOW), (BLACK, DARK), (SAND, BROWN),
                          (DARK, CREAM), (GREEN, LIME)])  # fmt: skip
    gloss = rng.uniform(0.05, 0.12)
    m = Model(rng, stand, rng.uniform(0.08, 0.11), pitch=rng.normal(0, 0.04))
    wide, flat = rng.uniform(0.15, 0.22), rng.uniform(0.05, 0.075)
    ringed, plain = painted(rng, one, two, "ring", gloss), painted(rng, one, two, "plain", gloss)
    winged = rng.random() < 0.65
    for i in range(7):
        w = wide * (0.9, 1, 1.02, 1, 0.9, 0.75, 0.5)[i]
        m.ball((0.10 - 0.085 * i, 0, 0), (0.075, w, flat), ringed)
    if winged:
        case = painted(rng, pick(rng, [one, two]), two, pick(rng, ["lines", "plain", "grooves"]), gloss)
        for side in (1, -1):
            m.ball(
                (-0.17, 0.04 * side, flat * 0.6), (0.40, wide * 0.8, flat * 0.7), case, forward=(1, 0.04 * side, 0.02)
            )
    shield = painted(rng, one, pick(rng, [two, YELLOW, BLACK]), pick(rng, ["plain", "back", "lines", "belly"]), gloss)
    m.ball((0.22, 0, flat * 0.3), (0.12, wide * 0.88, flat * 0.85), shield)
    h = m.part((0.31, 0, -0.01), rng.normal(0, 0.1), rng.normal(-0.3, 0.1))
    h.ball((0.02, 0, 0), (0.05, 0.065, 0.045), plain)
    h.eyes((0.04, 0.05, 0.01), (0.02, 0.02, 0.025))
    h.feelers((0.06, 0.03, 0), rng.uniform(0.5, 0.95), 0.0075, plain, (0.3, 0.9), (0.1, 0.6), 0.5, 9)
    for side in (1, -1):
        m.tube([(-0.43, 0.05 * side, 0), (-0.56, 0.12 * side, 0.03)], [0.018, 0.006], plain)
    before = len(m.subject.solids)
    m.six_legs([(0.18, wide * 0.4, -0.03), (0.06, wide * 0.45, -0.03), (-0.06, wide * 0.4, -0.03)],
               [(0.36, 0.27), (0.0, 0.40), (-0.50, 0.36)], 0.018, plain, 0.7)  # fmt: skip
    for cone in m.subject.solids[before:]:
        if cone.ra > 0.008:
            spines = Ellipsoid(cone.center[:, 0], (0.05, 0.01, 0.01), rotation((cone.b - cone.a)[:, 0]))
            m.fur(spines, 8, 0.04, one, radius=0.003, stand_up=0.8)
    return m.done()


def shieldbug(rng, stand) -> Subject:
    """A true bug: flat shield-shaped body, pointed shoulders, a triangle on its back, thin jointed feelers."""
    one, two = pick(rng, [(GREEN, LIME), (BROWN, TAN), (GREY, DARK), (RED, BLACK), (OLIVE, RUST), (LIME, RUST),
                          (TAN, BROWN), (ORANGE, BLACK), (TEAL, COPPER), (BLUE, RED), (BLACK, WHITE)])  # fmt: skip
    gloss = rng.uniform(0.025, 0.08)
    wide, flat, long = rng.uniform(0.19, 0.27), rng.uniform(0.06, 0.085), rng.uniform(0.29, 0.35)
    m = Model(rng, stand, rng.uniform(0.11, 0.15), pitch=rng.normal(0.02, 0.05))
    base = painted(rng, one, two, pick(rng, ["plain", "spots", "mottle", "lines"]), gloss)
    back, mark, dark = base.color, vary(rng, two)[:, None], vary(rng, pick(rng, [DARK, BROWN, TAN]))[:, None]
    tall, tip = rng.uniform(0.35, 0.6), rng.uniform(-0.45, 0.1)

    def shield(u, p, noise):  # scutellum in front, the dark membrane of the folded wings behind
        c = np.where(
            (u[0] > tip) & (np.abs(u[1]) < (u[0] - tip) * tall), 0.5 * back(u, p, noise) + 0.5 * mark, back(u, p, noise)
        )
        c = np.where(np.abs(np.abs(u[1]) - (u[0] - tip) * tall) < 0.03, c * 0.4, c)
        c = np.where((u[0] < -0.35 - 0.4 * np.abs(u[1])) & (np.abs(u[1]) < 0.6), dark, c)
        rim = (np.abs(u[1]) > 0.55) & (np.sin(u[0] * 16) > 0.2) & (u[0] ** 2 + u[1] ** 2 > 0.85)
        return np.where(rim, mark * 0.6, c)

    base.color = shield
    fore = painted(rng, one, two, pick(rng, ["plain", "spots", "mottle"]), gloss)
    m.ball((-0.12, 0, 0), (long, wide, flat), base)
    m.ball((0.10, 0, 0.005), (0.15, wide * 0.92, flat * 0.95), fore)
    spike = rng.uniform(0.02, 0.09)
    for side in (1, -1):
        m.tube([(0.12, wide * 0.6 * side, 0.01), (0.14 + rng.uniform(0, 0.04), (wide * 0.95 + spike) * side, 0.03)],
               [0.05, 0.012], fore, core=True)  # fmt: skip
    h = m.part((0.25, 0, -0.005), rng.normal(0, 0.08), rng.normal(-0.2, 0.08))
    h.ball((0.02, 0, 0), (0.075, 0.06, 0.045), fore)
    h.eyes((0.03, 0.06, 0.005), (0.022, 0.02, 0.022))
    limbs = painted(rng, pick(rng, [one, two, DARK]), two, pick(rng, ["joint", "plain"]), 0.04)
    h.feelers((0.06, 0.035, 0), rng.uniform(0.3, 0.45), 0.009, limbs, (0.4, 1.0), (0.1, 0.5), 1.2, 5)
    m.six_legs([(0.15, 0.08, -0.04), (0.04, 0.1, -0.05), (-0.07, 0.1, -0.04)],
               [(0.33, 0.32), (0.0, 0.42), (-0.36, 0.36)], 0.015, limbs, 0.75)  # fmt: skip
    return m.done()
