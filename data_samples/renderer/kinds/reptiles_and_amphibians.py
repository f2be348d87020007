"""Reptiles and amphibians: frog, lizard, snake, turtle."""

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
    LIME,
    OLIVE,
    ORANGE,
    RED,
    RUST,
    SAND,
    TAN,
    TEAL,
    WHITE,
    WINE,
    YELLOW,
    Model,
    curve,
    painted,
)


def frog(rng, stand) -> Subject:
    """A frog or toad: squat body, wide mouth, bulging eyes, folded hind legs, long toes."""
    one, two = pick(rng, [(GREEN, LIME), (LIME, YELLOW), (BROWN, TAN), (OLIVE, DARK), (BLUE, BLACK), (RED, BLUE),
                          (YELLOW, BLACK), (TAN, BROWN), (GREEN, DARK), (ORANGE, BLACK), (GREY, OLIVE)])  # fmt: skip
    wet = rng.uniform(0.04, 0.08)
    skin = painted(rng, one, two, pick(rng, ["spots", "mottle", "back", "lines", "plain", "belly"]), wet, 0.25,
                   bump=rng.uniform(0.02, 0.4))  # fmt: skip
    limb = painted(rng, one, two, pick(rng, ["joint", "plain", "spots"]), wet, 0.25)
    m = Model(rng, stand, rng.uniform(0.16, 0.2), 0.2, pitch=rng.uniform(0.1, 0.4))
    fat = rng.uniform(0.85, 1.15)
    m.ball((-0.05, 0, 0), (0.30, 0.20 * fat, 0.14 * fat), skin)
    m.ball((-0.18, 0, -0.02), (0.20, 0.17 * fat, 0.13 * fat), skin)
    h = m.part((0.2, 0, 0.01), rng.normal(0, 0.06), rng.normal(-0.2, 0.08))
    h.ball((0.0, 0, 0), (0.19, 0.185, 0.09), skin)
    h.ball(
        (-0.02, 0, -0.045), (0.17, 0.165, 0.07), painted(rng, pick(rng, [CREAM, YELLOW, WHITE, two]), one, "plain", wet)
    )
    big = rng.uniform(0.045, 0.065)
    iris = Material(vary(rng, pick(rng, [YELLOW, RED, ORANGE, BROWN, LIME])), 0.07, 0.15)
    for side in (1, -1):
        h.ball((0.02, 0.11 * side, 0.075), (big * 1.15, big, big), skin)
        h.ball((0.03, 0.125 * side, 0.08), (big, big * 0.95, big * 0.9), iris, core=False)
        h.ball(
            (0.045, 0.14 * side, 0.085),
            (big * 0.75, big * 0.75, big * 0.45),
            Material((0.005,) * 3, 0.07, 0.1),
            core=False,
        )
        knee_x = rng.uniform(0.0, 0.14)
        ankle = m.ground(-0.30, 0.22 * side, 0.04)
        knee = m.ground(knee_x, 0.30 * side, 0.12 + rng.uniform(0, 0.06))
        toe = m.ground(-0.02, (0.32 + rng.uniform(0, 0.1)) * side, 0.02)
        m.subject.core += chain([m.at(-0.26, 0.10 * side, -0.02), knee], [0.09, 0.06], limb)
        m.subject.solids += chain([knee, ankle, toe], [0.055, 0.04, 0.025], limb)
        hand = m.ground(0.27 + rng.normal(0, 0.03), 0.17 * side, 0.015)
        m.limb((0.14, 0.14 * side, -0.06), hand, [0.055, 0.04, 0.028], limb, 0.55, (-1, side, 0))
        for at, turn0, reach in ((toe, 0.2 * side, 0.15), (hand, -0.2 * side, 0.08)):
            for turn in (-0.55, 0, 0.55):
                a = turn0 + turn
                tip = at + np.float32([reach * np.cos(a), reach * np.sin(a), -0.006])
                m.subject.solids += chain([at, tip], [0.017, 0.011], limb)
    return m.done()


def lizard(rng, stand) -> Subject:
    """A lizard, gecko or newt: long body, splayed legs with toes, long tapering curved tail."""
    one, two = pick(rng, [(GREEN, BROWN), (BROWN, CREAM), (TAN, DARK), (LIME, TEAL), (GREY, DARK), (BLACK, ORANGE),
                          (OLIVE, YELLOW), (BLUE, GREEN), (SAND, BROWN), (RUST, BLACK), (YELLOW, BLACK)])  # fmt: skip
    skin = painted(rng, one, two, pick(rng, ["spots", "bands", "mottle", "belly", "plain"]), 0.04, scale=1.3, bump=0.25)
    m = Model(rng, stand, 0.0)
    n, r = 16, rng.uniform(0.05, 0.075)
    shape = np.interp(np.linspace(0, 1, n), [0, 0.12, 0.3, 0.45, 0.6, 1], [0.75, 0.8, 1.15, 1, 0.6, 0.12])
    points = curve(rng, stand, n, rng.uniform(1.0, 1.25), rng.uniform(0.15, 0.7), r * shape, 1.0, rng.uniform(0.6, 1.3))
    lift = 0.05 * np.interp(np.arange(n), [0, 3, 7, 10], [1.6, 1, 0.7, 0])
    for q, z in zip(points, lift, strict=True):
        q[2] += z
    m.subject.core += chain(points, list(r * shape), skin)
    h = m.part((0, 0, 0))
    h.center = points[0]
    h.axes = rotation(turned(points[0] - points[1], rng.normal(0, 0.2), rng.normal(0.1, 0.15)))
    h.ball((r * 1.1, 0, 0), (r * 1.9, r * rng.uniform(0.9, 1.25), r * 0.8), skin)
    h.eyes((r * 1.5, r * 0.72, r * 0.4), np.full(3, r * 0.27))
    for i in (3, 7):
        axes = rotation(points[i - 1] - points[i + 1])
        for side in (1, -1):
            swing = rng.normal(0, 0.08)
            q = points[i] + axes @ np.float32([0.09 + swing, 0.21 * side, 0])
            foot = m.ground(q[0], q[1], 0.012)
            hip = m.axes.T @ (points[i] + axes @ np.float32([0, r * 0.7 * side, 0]) - m.center)
            back = -1 if i == 3 else 1
            m.limb(hip, foot, [r * 0.5, r * 0.4, r * 0.25], skin, 0.57, axes @ np.float32([back, 0.3 * side, 0.6]))
            for turn in (-0.7, 0, 0.7):
                d = axes @ np.float32([np.cos(turn), np.sin(turn) + 0.6 * side, 0]) * 0.06
                m.subject.solids += chain([foot, m.ground(foot[0] + d[0], foot[1] + d[1], 0.008)], [0.012, 0.006], skin)
    return m.done()


def snake(rng, stand) -> Subject:
    """A snake: long limbless body in waves or coils, banded or blotched, flat head, forked tongue."""
    one, two = pick(rng, [(BROWN, TAN), (GREEN, LIME), (RED, BLACK), (OLIVE, DARK), (YELLOW, BROWN), (BLACK, YELLOW),
                          (SAND, RUST), (GREY, BLACK), (CREAM, BROWN), (ORANGE, CREAM), (TEAL, BLACK),
                          (WHITE, RED)])  # fmt: skip
    kind = pick(rng, ["joint", "joint", "spots", "mottle", "plain", "belly"])
    skin = painted(rng, one, two, kind, 0.05, 0.3, scale=rng.uniform(1, 2), bump=0.15)
    m = Model(rng, stand, 0.0)
    n, r = 44, rng.uniform(0.035, 0.055)
    radii = r * np.interp(np.linspace(0, 1, n), [0, 0.06, 0.3, 0.7, 1], [0.7, 0.75, 1.1, 0.95, 0.1])
    if rng.random() < 0.35:  # coiled, the head rising in the middle
        a = np.linspace(0, 2 * np.pi * rng.uniform(1.7, 2.4), n)
        s = 0.10 + r * 2.3 * a / (2 * np.pi)
        a = a * rng.choice([-1, 1]) + rng.uniform(0, 6.28)
        points = [
            stand.place(x, y) + np.float32([0, 0, q])
            for x, y, q in zip(s * np.cos(a), s * np.sin(a), radii, strict=True)
        ]
        for i in range(10):
            points[i][2] += r * 2.2 * (1 - i / 10)
    else:
        points = curve(rng, stand, n, rng.uniform(1.6, 2.6), rng.uniform(0.7, 1.5), radii, 0.95, rng.uniform(1.2, 2.6))
        points[0][2], points[1][2] = points[0][2] + 0.04, points[1][2] + 0.02
    m.subject.core += chain(points, list(radii), skin)
    h = m.part((0, 0, 0))
    h.center, h.axes = points[0], rotation(points[0] - points[2])
    h.ball((r * 0.9, 0, 0), (r * 1.9, r * rng.uniform(1.0, 1.5), r * 0.75), skin)
    h.eyes((r * 1.5, r * 0.85, r * 0.3), np.full(3, r * 0.27))
    if rng.random() < 0.6:
        fork = chitin(rng, pick(rng, [RED, BLACK, WINE]), 0.05)
        for side in (1, -1):
            h.tube(
                [(r * 2.6, 0, -0.01), (r * 3.8, 0, -0.01), (r * 4.6, r * 0.5 * side, -0.015)],
                [0.008, 0.006, 0.004],
                fork,
            )
    return m.done()


def turtle(rng, stand) -> Subject:
    """A turtle or tortoise: domed shell of plates, stout legs or flippers, blunt head on a wrinkled neck."""
    one, two = pick(rng, [(OLIVE, DARK), (BROWN, YELLOW), (DARK, YELLOW), (TAN, BROWN), (GREEN, DARK), (SAND, BROWN),
                          (BLACK, ORANGE), (TEAL, CREAM), (GREY, BLACK)])  # fmt: skip
    plate, seam = vary(rng, one)[:, None], vary(rng, two)[:, None]
    fine, ring = rng.uniform(3.0, 4.2), rng.uniform(0, 0.6)

    def plates(u, p, noise):  # hexagons: two rectangular lattices of cell centres, the nearer centre counts
        q, cell = np.stack([u[0], u[1]]) * fine * 0.62, np.float32([[1.0], [1.732]])
        a, b = q % cell - cell / 2, (q + cell / 2) % cell - cell / 2
        near = np.abs(np.where((a * a).sum(0) < (b * b).sum(0), a, b))
        edge = np.maximum(near[0], 0.5 * near[0] + 0.866 * near[1])  # 0.5 on the border
        t = np.clip((edge - 0.42) * 30, 0, 1) + ring * (np.sin(edge * 40) > 0.3) + (np.abs(u[2]) < 0.06)
        t = np.clip(t, 0, 1)
        return (plate * (1 - t) + seam * t) * (1 + 0.15 * noise(p * 14, 2))

    shell = Material(plates, 0.05, rng.uniform(0.2, 0.5), bump=0.15, bump_scale=25)
    rgb = pick(rng, [OLIVE, GREEN, GREY, BROWN, TAN, two])
    skin = painted(
        rng, rgb, pick(rng, [YELLOW, DARK, CREAM, one]), pick(rng, ["mottle", "spots", "lines"]), 0.03, bump=0.35
    )
    sea, tall = rng.random() < 0.3, rng.uniform(0.13, 0.26)
    m = Model(rng, stand, rng.uniform(0.09, 0.13), 0.2)
    wide = rng.uniform(0.23, 0.3)
    m.ball((-0.05, 0, 0.02), (0.34, wide, tall), shell)
    m.ball((-0.05, 0, -0.02), (0.35, wide * 1.04, 0.055), painted(rng, two, one, "bands", 0.05))
    out, up = rng.uniform(0.02, 0.12), rng.uniform(-0.02, 0.1)
    m.tube([(0.2, 0, 0.0), (0.34 + out, 0, 0.02 + up)], [0.07, 0.055], skin, core=True)
    h = m.part((0.36 + out, 0, 0.03 + up), rng.normal(0, 0.3), rng.normal(0, 0.15))
    h.ball((0.04, 0, 0), (0.10, 0.07, 0.065), skin)
    h.eyes((0.085, 0.052, 0.02), (0.016, 0.013, 0.017))
    m.tube([(-0.34, 0, -0.02), (-0.48, rng.normal(0, 0.04), -0.07)], [0.035, 0.008], skin)
    for side in (1, -1):
        for x, far in ((0.18, 0.28), (-0.22, -0.30)):
            step = rng.normal(0, 0.04)
            if sea:
                reach = 0.42 if x > 0 else 0.2
                m.ball((x + 0.02, (wide + reach * 0.3) * side, -0.03), (reach * 0.6, 0.07, 0.022), skin,
                       forward=(-0.5 + step * 5, side, -0.12))  # fmt: skip
            else:
                foot = m.ground(far + step, (wide + 0.03) * side, 0.03)
                m.limb((x, wide * 0.7 * side, -0.01), foot, [0.075, 0.07, 0.055], skin, 0.54, (0, side, 0.5), toe=0.03)
    return m.done()
