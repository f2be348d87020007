"""Worms, snails and others as long and low: caterpillar, earthworm, millipede, snail."""

import copy

import numpy as np

from ..backgrounds import pick, vary
from ..insects import chain, chitin, turned
from ..primitives import Ellipsoid, rotation
from ..scene import Subject
from .animal_model import (
    BLACK,
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


def caterpillar(rng, stand) -> Subject:
    """A caterpillar: soft round segments in a row, stub legs, round head; bare, spotted, spiny or furry; may loop."""
    one, two = pick(rng, [(GREEN, YELLOW), (LIME, WHITE), (BLACK, ORANGE), (YELLOW, BLACK), (BROWN, TAN), (GREY, RED),
                          (CREAM, BLACK), (ORANGE, DARK), (TEAL, YELLOW), (WINE, PINK), (OLIVE, CREAM)])  # fmt: skip
    skin = painted(
        rng, one, two, pick(rng, ["ring", "spots", "lines", "back", "bands", "belly", "plain"]), 0.035, scale=1.2
    )
    m = Model(rng, stand, 0.0)
    n, r = rng.integers(11, 15), rng.uniform(0.055, 0.10)
    profile = r * np.minimum(1, np.linspace(0.75, 1.6, n)) * np.minimum(1, np.linspace(2.2, 0.65, n))
    points = curve(rng, stand, n, rng.uniform(0.85, 1.1), rng.uniform(0, 0.7), profile, 1.1)
    loop, rear = rng.uniform(0.1, 0.3) * (rng.random() < 0.35), rng.uniform(0, 0.2) * (rng.random() < 0.35)
    for i, q in enumerate(points):
        q[2] += loop * np.exp(-(((i / n - 0.55) / 0.2) ** 2)) + rear * max(0, 1 - i / 4) ** 1.5
    hair, length = pick(rng, [(0, 0), (10, 0.05), (320, 0.09), (60, 0.14)])
    rgb, foot = pick(rng, [one, two, WHITE, ORANGE, DARK]), chitin(rng, pick(rng, [one, two, DARK]), 0.03)
    for i, q in enumerate(points):
        ahead = points[max(i - 1, 0)] - points[min(i + 1, n - 1)]
        axes = rotation(ahead)
        solid = Ellipsoid(q, (max(0.6 / n * 1.35, profile[i] * 0.7), profile[i], profile[i]), axes, skin)
        m.subject.core.append(solid)
        if hair:
            m.fur(solid, hair, length, rgb, (0, 0, 0.1), 0.9, 0.0025)
        if i in (1, 2, 3) or 5 <= i <= 9 or i == n - 1:
            for side in (1, -1):
                a = q + axes @ np.float32([0, 0.5 * side, -0.6]) * profile[i]
                b = a + axes @ np.float32([0, 0.1 * side, -0.55]) * profile[i]
                m.subject.solids += chain([a, b], [profile[i] * 0.28, profile[i] * (0.12 if i < 4 else 0.3)], foot)
    h = copy.copy(m)
    h.center, h.axes = points[0], rotation(points[0] - points[1])
    face = chitin(rng, pick(rng, [one, RUST, BLACK, RED, BROWN]), 0.05)
    h.ball((profile[0] * 0.9, 0, 0), np.array([0.75, 0.95, 0.95]) * profile[0], face)
    h.eyes((profile[0] * 1.3, profile[0] * 0.5, 0.01), np.full(3, 0.012))
    if rng.random() < 0.3:  # a horn on the tail, as hawk moths have
        t = points[-2] + np.float32([0, 0, profile[-2] * 0.7])
        m.subject.solids += chain([t, t + np.float32([-0.06, 0, 0.11])], [0.02, 0.005], face)
    return m.done()


def earthworm(rng, stand) -> Subject:
    """An earthworm: a long smooth ringed tube on a winding path, with a paler saddle."""
    one = pick(
        rng, [PINK, (0.66, 0.42, 0.38), (0.50, 0.32, 0.28), COPPER, (0.72, 0.55, 0.48), WINE, (0.45, 0.40, 0.42)]
    )
    base = painted(rng, one, np.array(one) * 0.6, "plain", 0.05, 0.25)
    paint, rings = base.color, rng.uniform(3, 6)
    base.color = lambda u, p, noise: paint(u, p, noise) * (0.86 + 0.16 * np.sin(u[0] * 6.28 * np.round(rings)))
    saddle = painted(rng, np.clip(np.array(one) * 1.25, 0, 0.9), ORANGE, "plain", 0.06, 0.25)
    m = Model(rng, stand, 0.0)
    n, r = 34, rng.uniform(0.025, 0.042)
    radii = (
        r * np.minimum(1, np.linspace(0.35, 4, n)) * np.minimum(1, np.linspace(5, 0.35, n)) * rng.uniform(0.93, 1.07, n)
    )
    points = curve(rng, stand, n, rng.uniform(1.3, 2.0), rng.uniform(0.6, 1.7), radii, 0.9)
    cones = chain(points, list(radii), base)
    at = rng.integers(7, 11)
    cones[at : at + 3] = chain(points[at : at + 4], list(radii[at : at + 4] * 1.18), saddle)
    m.subject.core += cones
    return m.done()


def millipede(rng, stand) -> Subject:
    """A millipede or centipede: many hard ringed segments, a pair of short (or long) legs on each."""
    long = rng.random() < 0.35
    one, two = pick(rng, [(BLACK, DARK), (BROWN, TAN), (RUST, BLACK), (BLACK, YELLOW), (DARK, RED), (COPPER, ORANGE),
                          (GREY, DARK), (TAN, BROWN), (TEAL, ORANGE)])  # fmt: skip
    skin = painted(rng, one, two, pick(rng, ["ring", "ring", "plain", "back"]), rng.uniform(0.05, 0.12), 0.25)
    limb = chitin(rng, pick(rng, [two, ORANGE, YELLOW, RED, CREAM, DARK]), 0.04)
    m = Model(rng, stand, 0.0)
    n, r = rng.integers(20, 28), rng.uniform(0.033, 0.05)
    flat, reach = (0.55, rng.uniform(1.9, 2.8)) if long else (1.0, rng.uniform(0.7, 1.1))
    if rng.random() < 0.2 and not long:  # rolled into a spiral
        a = np.linspace(0.0, 3.6 * np.pi, n)
        s = (0.08 + 0.028 * a)[::-1] * 1.1
        points = [
            stand.place(x, y) + np.float32([0, 0, r * 1.2]) for x, y in zip(s * np.cos(a), s * np.sin(a), strict=True)
        ]
    else:
        points = curve(rng, stand, n, rng.uniform(1.0, 1.3), rng.uniform(0.2, 1.1), r * flat, 1.5)
    step = np.linalg.norm(points[0] - points[1])
    phase = rng.uniform(0, 6.28)
    for i, q in enumerate(points):
        axes = rotation(points[max(i - 1, 0)] - points[min(i + 1, n - 1)])
        w = r * min(1, 0.75 + i * 0.1, 0.6 + (n - 1 - i) * 0.12)
        m.subject.core.append(Ellipsoid(q, (step * 0.75, w, w * flat), axes, skin))
        for side in (1, -1):
            swing = 0.5 * np.sin(phase + i * 0.8)
            a = q + axes @ np.float32([0, 0.7 * side * r, -0.4 * r * flat])
            b = q + axes @ np.float32([swing * r * reach, (0.8 + reach) * side * r, 0])
            b[2] = q[2] - r * 1.4 * flat
            m.subject.solids += chain([a, b], [0.009, 0.005], limb)
    h = copy.copy(m)
    h.center, h.axes = points[0], rotation(points[0] - points[1])
    h.ball((step * 0.5, 0, 0), (r * 0.9, r * 0.9, r * 0.8 * flat), chitin(rng, pick(rng, [one, two]), 0.06))
    h.feelers((step * 0.5 + r * 0.7, r * 0.4, 0), 0.3 if long else 0.12, 0.008, limb, (0.3, 0.8), (-0.1, 0.4), 0.6, 4)
    return m.done()


def snail(rng, stand) -> Subject:
    """A snail: soft foot, four feelers, and a spiral shell, often banded, round or pointed."""
    one, two = pick(rng, [(SAND, BROWN), (YELLOW, BROWN), (CREAM, DARK), (BROWN, CREAM), (PINK, WINE), (WHITE, GREY),
                          (OLIVE, DARK), (TAN, CREAM), (RUST, DARK)])  # fmt: skip
    shell = painted(rng, one, two, "plain", rng.uniform(0.03, 0.08), rng.uniform(0.2, 0.5))
    ink, bands = vary(rng, two)[:, None], rng.choice([0, 0, 1, 2, 3])
    base, mottled = shell.color, rng.random() < 0.4

    def whorl(u, p, noise):  # u[1] runs across the whorl, u[0] along it
        t = np.clip(np.cos(u[1] * bands * 4.5) * 4 - 2.2, 0, 1) if bands else np.zeros_like(u[0])
        t = np.maximum(t, mottled * np.clip(noise(p * 14) * 3 - 0.6, 0, 1))
        return (base(u, p, noise) * (1 - t) + ink * t) * (1 - 0.3 * np.clip(u[0] * 2 - 1, 0, 1))

    shell.color = whorl
    rgb = pick(rng, [TAN, GREY, OLIVE, CREAM, DARK, SAND, BROWN])
    skin = painted(rng, rgb, np.array(rgb) * 0.6, "mottle", 0.06, 0.3, bump=0.25)
    m = Model(rng, stand, 0.0)
    bend = rng.normal(0, 0.12)
    foot = [m.ground(x, bend * (x * x), 0.045) for x in np.linspace(-0.5, 0.36, 7)]
    m.subject.core += chain(foot, [0.015, 0.05, 0.07, 0.085, 0.085, 0.075, 0.065], skin)
    rise = rng.uniform(0.05, 0.16)
    neck = foot[-1] + np.float32([0.10, bend * 0.1, rise])
    m.subject.core += chain([foot[-1], neck], [0.07, 0.06], skin)
    h = copy.copy(m)
    h.center, h.axes = neck, rotation(turned((1, 0, 0), rng.normal(0, 0.25), 0))
    out = rng.uniform(0.4, 1.2)
    for side in (1, -1):
        tip = np.array([0.10, 0.10 * side, 0.16]) * out + [0.02, 0, 0.03]
        h.tube([(0.01, 0.03 * side, 0.03), tip], [0.018, 0.010], skin)
        h.ball(tip, (0.018, 0.018, 0.018), chitin(rng, DARK, 0.05), core=False)
        h.tube([(0.03, 0.03 * side, -0.02), (0.10 * out + 0.02, 0.045 * side, -0.04)], [0.014, 0.008], skin)
    # The shell: spheres along a logarithmic spiral; cone > 0 draws it out along its axis.
    cone, size = pick(rng, [rng.uniform(0.1, 0.5), rng.uniform(0.8, 1.7)]), rng.uniform(0.25, 0.33)
    tilt = rotation((1, rng.normal(0, 0.15), rng.normal(0, 0.12)), (0, rng.uniform(-0.9, 0.3), 1))
    turns = rng.uniform(2.6, 3.2)
    a = np.linspace(0, 2 * np.pi * turns, 46)
    grow = np.exp((a - a[-1]) * 0.125)
    middle = m.ground(-0.10, 0) + np.float32([0, 0, 0.10 + size * 0.80])
    for angle, g in zip(a - a[-1] + 0.6, grow, strict=True):
        d = tilt @ np.float32([np.cos(angle), 0, -np.sin(angle)])
        q = middle + d * g * size * 0.55 + tilt @ np.float32([0, (1 - g) * cone * size * 0.9, 0])
        along = tilt @ np.float32([-np.sin(angle), 0, -np.cos(angle)])
        r = g * size * 0.52
        m.subject.core.append(Ellipsoid(q, (r * 0.72, r * 1.05, r), rotation(along, d), shell))
    return m.done()
