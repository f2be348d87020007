"""Birds: songbird, duck."""

import copy

import numpy as np

from ..backgrounds import pick, vary
from ..insects import chain, chitin, turned
from ..primitives import rotation
from ..scene import Material, Subject
from .animal_model import (
    BLACK,
    BLUE,
    BROWN,
    CREAM,
    DARK,
    GREEN,
    GREY,
    OLIVE,
    ORANGE,
    PINK,
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

BIRDS = [  # back, breast, head, bill, legs
    (BROWN, ORANGE, BROWN, DARK, DARK), (BLUE, YELLOW, SKY, DARK, GREY), (BLACK, BLACK, BLACK, BLACK, BLACK),
    (BROWN, CREAM, GREY, DARK, PINK), (GREEN, YELLOW, GREEN, CREAM, PINK), (RED, RED, WINE, ORANGE, BROWN),
    (GREY, PINK, TEAL, DARK, RED), (BLACK, WHITE, BLACK, YELLOW, ORANGE), (YELLOW, YELLOW, YELLOW, ORANGE, PINK),
    (OLIVE, CREAM, OLIVE, BROWN, BROWN), (WHITE, WHITE, WHITE, ORANGE, RED), (BLACK, BLACK, BLACK, YELLOW, BROWN),
    (TEAL, ORANGE, BLUE, BLACK, RED), (GREEN, RED, BLUE, RED, GREY),
]  # fmt: skip


def feathers(rng, one, two):
    """Wing or tail of overlapping feathers: pale edges and sometimes bars."""
    bars = rng.uniform(0, 0.5)
    one, two, n = vary(rng, one)[:, None], vary(rng, two)[:, None], rng.integers(5, 9)

    def color(u, p, noise):
        t = np.clip(np.abs((u[1] + u[0] * 0.3) * n % 1 - 0.5) * 8 - 3, 0, 1) * 0.6 + bars * (np.sin(u[0] * 22) > 0.5)
        return (one * (1 - t) + two * t) * (1 + 0.12 * noise(p * 16, 2))

    return Material(color, 0.03, 0.55, sheen=0.1)


def feathered(u, v):
    """Outline of a spread wing: straight in front, the tips of the feathers behind."""
    return (v > -0.7) & (v < np.sqrt(np.maximum(1 - u**4, 0)) * (0.9 + 0.08 * np.sin(u * 40)))


def bird(rng, stand) -> Subject:
    """A small bird: round head, pointed bill, folded (or raised) wings, tail, thin legs with toes."""
    back, breast, crown, bill, leg = pick(rng, BIRDS)
    skin = painted(rng, back, breast, "belly", 0.02, 0.7, sheen=0.15)
    cap = painted(rng, crown, breast, pick(rng, ["belly", "plain", "back"]), 0.02, 0.7, sheen=0.15)
    horn, shank = chitin(rng, bill, 0.06), chitin(rng, leg, 0.03)
    tall, fat = rng.uniform(0.28, 0.42), rng.uniform(0.85, 1.2)
    m = Model(rng, stand, tall, 0.1)
    b = m.part((0, 0, 0), 0, rng.uniform(0.1, 0.7))
    trunk = b.ball((0, 0, 0), (0.28, 0.17 * fat, 0.17 * fat), skin)
    b.ball((0.10, 0, -0.02), (0.18, 0.165 * fat, 0.17 * fat), skin)
    b.ball((-0.22, 0, 0.02), (0.18, 0.085, 0.07), skin)
    neck = b.at(0.24, 0, 0.10 * fat)
    h = copy.copy(m)
    h.center, h.axes = neck, rotation(turned((1, 0, 0), rng.normal(0, 0.5), rng.normal(0, 0.2)))
    size = rng.uniform(0.10, 0.14)
    m.subject.solids += chain([b.at(0.12, 0, 0.02), neck], [0.13 * fat, size * 0.85], cap)
    h.ball((0.02, 0, 0.02), (size * 1.1, size, size), cap)
    h.eyes((0.07, size * 0.8, 0.045), (0.022, 0.015, 0.022))
    long, hook = rng.uniform(0.06, 0.22), rng.uniform(0, 0.05)
    thick = rng.uniform(0.022, 0.045)
    h.tube(
        [(size, 0, 0.02), (size + long * 0.6, 0, 0.012), (size + long, 0, 0.0 - hook)],
        [thick, thick * 0.6, 0.006],
        horn,
    )
    if rng.random() < 0.15:
        for k in range(3):
            h.tube([(0.0, 0, size), (-0.08 - 0.03 * k, 0, size + 0.14 - 0.04 * k)], [0.025, 0.008], cap)
    plume = feathers(rng, back, pick(rng, [breast, WHITE, DARK, crown]))
    spread = rng.random() < 0.3
    for side in (1, -1):
        if spread:
            sweep, lift, span = rng.uniform(0.0, 0.4), rng.uniform(0.0, 1.1), rng.uniform(0.5, 0.7)
            root = (0.12, 0.11 * side, 0.10)
            b.wing(root, side, sweep, lift, span, 0.2, feathered, plume, bend=-0.08, clear=False)
        else:
            b.ball((-0.10, 0.135 * fat * side, 0.03), (0.27, 0.05, 0.11 * fat), plume, forward=(1, 0.12 * side, 0.12))
    b.fin((-0.30, 0, 0.03), (-1, 0, rng.uniform(-0.2, 0.4)), (0, 1, 0), rng.uniform(0.2, 0.42), rng.uniform(0.05, 0.10),
          lambda u, v: np.abs(v) < 0.6 + 0.4 * u, plume, core=True)  # fmt: skip
    for side in (1, -1):
        foot = m.ground(0.02 + rng.normal(0, 0.03), 0.09 * side, 0.012)
        m.limb((-0.03, 0.07 * side, -0.10), foot, [0.04, 0.016, 0.012], shank, 0.53, (-1, 0, 0))
        for turn in (-0.5, 0, 0.5, np.pi):
            toe = foot + np.float32([0.09 * np.cos(turn), 0.09 * np.sin(turn), -0.004])
            m.subject.solids += chain([foot, toe], [0.013, 0.007], shank)
    m.fur(trunk, 150, 0.04, breast, stand_up=0.2)
    return m.done()


DUCKS = [  # as BIRDS
    (GREY, BROWN, (0.05, 0.30, 0.16), YELLOW, ORANGE), (BROWN, TAN, BROWN, ORANGE, ORANGE),
    (WHITE, WHITE, WHITE, ORANGE, ORANGE), (YELLOW, YELLOW, YELLOW, ORANGE, ORANGE),
    (BLACK, WHITE, BLACK, GREY, DARK), (DARK, WHITE, RUST, BLUE, GREY), (SAND, CREAM, TEAL, RED, RED),
    (WHITE, RUST, (0.04, 0.22, 0.14), RED, PINK),
]  # fmt: skip


def duck(rng, stand) -> Subject:
    """A duck: boat-shaped body, S-shaped neck, flat broad bill, webbed feet or sitting."""
    back, breast, crown, bill, leg = pick(rng, DUCKS)
    skin = painted(rng, back, breast, pick(rng, ["belly", "mottle", "ring"]), 0.02, 0.6, sheen=0.1)
    chest, cap = painted(rng, breast, back, "plain", 0.02, 0.6), painted(rng, crown, back, "plain", 0.05, 0.5)
    horn = chitin(rng, bill, 0.05)
    sitting, fat = rng.random() < 0.4, rng.uniform(0.9, 1.15)
    m = Model(rng, stand, 0.13 if sitting else rng.uniform(0.26, 0.32), 0.2, pitch=rng.uniform(0, 0.25))
    m.ball((-0.05, 0, 0), (0.36, 0.19 * fat, 0.16 * fat), skin)
    m.ball((0.12, 0, 0.0), (0.20, 0.165 * fat, 0.155 * fat), chest)
    m.ball((-0.33, 0, 0.06), (0.17, 0.09, 0.05), skin, forward=(-1, 0, 0.45))
    plume = feathers(rng, back, pick(rng, [WHITE, BLUE, DARK, breast]))
    for side in (1, -1):
        m.ball((-0.10, 0.15 * fat * side, 0.05), (0.29, 0.06, 0.10), plume, forward=(1, 0.1 * side, -0.08))
    stretch, lean = rng.uniform(0.14, 0.34), rng.uniform(0.02, 0.14)
    top = (0.24 + lean, 0, 0.10 + stretch)
    m.tube(
        [(0.18, 0, 0.04), (0.25, 0, 0.08 + stretch * 0.45), top],
        [0.11, 0.07, 0.065],
        pick(rng, [cap, chest]),
        core=True,
    )
    h = m.part(top, rng.normal(0, 0.5), rng.normal(-0.15, 0.2))
    h.ball((0.03, 0, 0.01), (0.105, 0.08, 0.08), cap)
    h.eyes((0.07, 0.065, 0.03), (0.016, 0.012, 0.016))
    h.ball((0.16, 0, -0.02), (0.085, 0.045, 0.02), horn, forward=(1, 0, -0.2))
    h.ball((0.12, 0, 0.0), (0.05, 0.035, 0.03), horn)
    if not sitting:
        web = chitin(rng, leg, 0.03)
        for side in (1, -1):
            foot = m.ground(rng.normal(0.02, 0.05), 0.10 * side, 0.012)
            m.limb((-0.04, 0.08 * side, -0.1), foot, [0.04, 0.02, 0.018], web, 0.52, (-1, 0, 0))
            f = copy.copy(m)
            f.center, f.axes = foot, np.eye(3, dtype=np.float32)
            f.fin((-0.02, 0, 0.004), (1, 0, -0.02), (0, 1, 0), 0.14, 0.075, fan, web)
    return m.done()
