"""Mammals: mouse, cat, dog, horse, elephant."""

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..insects import chain, chitin, turned
from ..primitives import Ellipsoid, Frustum, Strands
from ..scene import Material, Subject
from .animal_model import (
    BLACK,
    BROWN,
    CREAM,
    DARK,
    GREY,
    LIME,
    ORANGE,
    PINK,
    RUST,
    SAND,
    SKY,
    TAN,
    WHITE,
    YELLOW,
    Model,
    painted,
)

COATS = [(BROWN, CREAM), (BLACK, WHITE), (TAN, CREAM), (GREY, WHITE), (ORANGE, CREAM), (WHITE, BLACK), (RUST, BROWN),
         (DARK, TAN), (CREAM, BROWN), (GREY, DARK), (SAND, WHITE), (WHITE, TAN)]  # fmt: skip


def _quadruped(
    rng, stand, skin, limb, leg, thick, long, wide, tall, neck, head, sit=0.0, hoof=None, swing=0.08, chest=1.0
):
    """A four-legged body. neck: length, pitch, radii. head: length, width, height. Returns the model and head frame."""
    sitting = rng.random() < sit
    m = Model(
        rng,
        stand,
        leg + tall * (0.35 if sitting else 0.8),
        long * 0.8,
        pitch=0.7 if sitting else rng.normal(0.02, 0.04),
    )
    girth = 0.5 * (wide + tall)
    spots = [(long * 0.62, 0, 0), (long * 0.2, 0, -0.06 * tall), (-long * 0.25, 0, -0.02 * tall), (-long * 0.62, 0, 0)]
    m.tube(spots, girth * np.array([chest, 0.5 + 0.5 * chest, 0.97, 1.0]), skin, core=True)
    m.hide = [Ellipsoid(m.at(*p), (long * 0.42, girth, girth), m.axes) for p in spots]  # where fur grows
    length, pitch, r0, r1 = neck
    base = np.array([long * 0.72, 0, tall * 0.35])
    pitch = pitch + rng.normal(0, 0.18) - (0.5 if sitting else 0)
    top = base + length * turned((1, 0, 0), rng.normal(0, 0.15), pitch)
    m.tube([base, top], [r0, r1], skin, core=True)
    h = m.part(top, rng.normal(0, 0.35), rng.normal(-0.15, 0.15) - (0.6 if sitting else 0))
    h.ball((head[0] * 0.2, 0, 0.01), head, skin)
    phase = rng.uniform(0, 6.28)
    swing = swing * rng.uniform(0.1, 1.3)
    for side in (1, -1):
        for front in (True, False):
            x = long * (0.68 if front else -0.68)
            hip = np.array([x, wide * 0.55 * side, -tall * 0.25])
            step = swing * np.cos(phase + np.pi * ((side > 0) == front))
            root = m.at(*hip)
            y = wide * 0.62 * side
            if front or sitting:
                ahead = 0.02 if front else 0.22
                foot = m.ground(
                    root[0] + (step if not sitting else 0.02) + ahead, y * (1 if front else 1.5), thick * 0.6
                )
                m.limb(hip, foot, [thick * 1.7, thick * 1.15, thick * 0.85], limb, 0.52 if front else 0.62,
                       (-1, 0, 0) if front else (0.6, 0, 1), toe=thick * 0.8)  # fmt: skip
            else:
                foot = m.ground(root[0] + step - 0.02, y, thick * 0.6)
                rise = root[2] - foot[2]
                knee = root + np.float32([0.15 * rise + step * 0.4, 0, -0.42 * rise])
                hock = foot + np.float32([-0.20 * rise + step * 0.1, 0, 0.34 * rise])
                toe = foot + np.float32([thick * 0.8, 0, 0])
                radii = [thick * 2.2, thick * 1.5, thick * 0.9, thick * 0.85, thick * 0.7]
                m.subject.solids += chain([root, knee, hock, foot, toe], radii, limb)
            if hoof is not None:
                up = foot + np.float32([0, 0, thick])
                m.subject.solids.append(
                    Frustum(foot - np.float32([-0.01, 0, thick * 0.7]), up, thick * 1.35, thick, hoof)
                )
    return m, h


def _tuft(m, roots, n, length, way, rgb, radius=0.004, spread=0.25) -> None:
    """n long hairs from random places along the local points `roots`."""
    rng = m.rng
    points = np.stack([m.at(*p) for p in roots], 1)
    s = rng.random(n) * (len(roots) - 1)
    i = np.minimum(s.astype(int), len(roots) - 2)
    root = points[:, i] * (1 - s + i) + points[:, i + 1] * (s - i) + rng.normal(0, 0.008, (3, n))
    way = normalize((m.axes @ np.float32(way))[:, None] + spread * rng.standard_normal((3, n)))
    color = vary(rng, rgb)[:, None] * rng.uniform(0.7, 1.3, n)
    normal = normalize(np.cross(way.T, rng.standard_normal((n, 3))).T)
    parts = [a.astype(np.float32) for a in (root, way, normal)]
    m.subject.strands.append(Strands(*parts, length * rng.uniform(0.6, 1.1, n), color.astype(np.float32), radius, 0.35))


def mouse(rng, stand) -> Subject:
    """A mouse or rat: egg-shaped furry body low on short legs, round ears, whiskers, long bare tail."""
    one, two = pick(
        rng, [(BROWN, CREAM), (GREY, WHITE), (WHITE, PINK), (TAN, WHITE), (BLACK, GREY), (SAND, WHITE), (WHITE, BLACK)]
    )
    skin = painted(rng, one, two, pick(rng, ["belly", "belly", "plain", "spots"]), 0.015, 0.8, sheen=0.2)
    pink = painted(rng, PINK, one, "plain", 0.04)
    fat = rng.uniform(0.85, 1.2)
    m, h = _quadruped(rng, stand, skin, pink, 0.07, 0.02, 0.24, 0.135 * fat, 0.14 * fat, (0.06, 0.1, 0.11, 0.09),
                      (0.13, 0.085, 0.085), swing=0.05, chest=0.72)  # fmt: skip
    h.ball((0.11, 0, -0.02), (0.085, 0.05, 0.048), skin)
    h.ball((0.19, 0, -0.02), (0.016, 0.018, 0.015), pink, core=False)
    h.eyes((0.085, 0.062, 0.03), (0.018, 0.015, 0.018))
    ear = rng.uniform(0.05, 0.085)
    for side in (1, -1):
        h.ball((-0.02, 0.07 * side, 0.09), (0.018, ear, ear), pink, forward=(1, 0.5 * side, 0.2))
        _tuft(h, [(0.16, 0.03 * side, -0.02), (0.17, 0.02 * side, -0.02)], 8, 0.12, (0.2, side, 0), GREY, 0.001, 0.35)
    bend, end = rng.normal(0, 0.3), rng.uniform(0.5, 0.75)
    tail = [m.at(-0.34, 0, -0.05)] + [m.ground(-0.36 - end * s, bend * s * s + 0.05 * np.sin(5 * s), 0.015) for s in
                                      (0.25, 0.5, 0.75, 1.0)]  # fmt: skip
    m.subject.solids += chain(tail, [0.022, 0.018, 0.014, 0.010, 0.005], pink)
    for solid in m.hide:
        m.fur(solid, 250, 0.03, one, stand_up=0.3, radius=0.002)
    return m.done()


def _tail(m, long, tall, length, radius, skin, rise=(0.0, 1.4)) -> None:
    """A tail in one smooth bow, up or down."""
    rng = m.rng
    way, curl, aside = turned((-1, 0, 0), 0, rng.uniform(*rise)), rng.normal(0.1, 0.2), rng.normal(0, 0.12)
    points = [np.array([-long * 0.98, 0, tall * 0.4])]
    for _ in range(6):
        points.append(points[-1] + way * length / 6)
        way = turned(way, aside, curl)
    m.tube(points, np.linspace(radius, radius * 0.6, 7), skin)


def cat(rng, stand) -> Subject:
    """A cat: slim body, round head with pointed upright ears, short muzzle, whiskers, long tail; may sit."""
    one, two = pick(rng, COATS)
    kind = pick(rng, ["bands", "bands", "spots", "belly", "plain", "mottle"])
    skin = painted(rng, one, two, kind, 0.015, 0.8, 1.7, sheen=0.2)
    limb = painted(rng, pick(rng, [one, one, two]), two, pick(rng, ["plain", "joint"]), 0.015, 0.8, sheen=0.2)
    m, h = _quadruped(rng, stand, skin, limb, rng.uniform(0.2, 0.26), 0.034, 0.30, rng.uniform(0.095, 0.13), 0.115,
                      (0.12, 0.7, 0.09, 0.075), (0.105, 0.10, 0.095), 0.35)  # fmt: skip
    h.ball(
        (0.10, 0, -0.03), (0.055, 0.055, 0.042), painted(rng, pick(rng, [one, two, WHITE]), two, "plain", 0.015, 0.8)
    )
    h.ball((0.15, 0, -0.012), (0.013, 0.016, 0.011), chitin(rng, pick(rng, [PINK, DARK]), 0.04), core=False)
    h.eyes(
        (0.095, 0.045, 0.025),
        (0.022, 0.02, 0.02),
        Material(vary(rng, pick(rng, [LIME, YELLOW, SKY, ORANGE])), 0.06, 0.1),
    )
    h.eyes((0.112, 0.047, 0.025), (0.008, 0.007, 0.015))
    for side in (1, -1):
        h.tube([(0.0, 0.055 * side, 0.06), (0.0, 0.075 * side, 0.15)], [0.042, 0.006], skin, core=True)
        _tuft(h, [(0.12, 0.03 * side, -0.03), (0.13, 0.03 * side, -0.03)], 6, 0.11, (0.2, side, 0), CREAM, 0.001, 0.3)
    _tail(m, 0.3, 0.115, rng.uniform(0.35, 0.5), rng.uniform(0.025, 0.045), skin)
    if rng.random() < 0.3:
        for solid in m.hide:
            m.fur(solid, 600, 0.05, one, stand_up=0.3, radius=0.0025)
    return m.done()


def dog(rng, stand) -> Subject:
    """A dog: deep chest, long muzzle, hanging or upright ears, shaggy or smooth, many builds; may sit."""
    one, two = pick(rng, COATS)
    skin = painted(
        rng, one, two, pick(rng, ["spots", "mottle", "belly", "plain", "plain", "bands"]), 0.015, 0.75, 0.5, sheen=0.1
    )
    limb = painted(rng, pick(rng, [one, one, two]), two, "plain", 0.015, 0.75)
    leg, stout = rng.uniform(0.13, 0.34), rng.uniform(0.85, 1.25)
    m, h = _quadruped(rng, stand, skin, limb, leg, 0.038 * stout, 0.30, 0.115 * stout, 0.135 * stout,
                      (0.15, rng.uniform(0.5, 1.0), 0.10 * stout, 0.075), (0.12, 0.095, 0.09), 0.25)  # fmt: skip
    long = rng.uniform(0.07, 0.2)
    nose = painted(rng, pick(rng, [one, two, two]), one, "plain", 0.015, 0.75)
    h.tube([(0.08, 0, -0.015), (0.10 + long, 0, -0.035)], [0.062, 0.042], nose, core=True)
    h.ball((0.14 + long, 0, -0.01), (0.02, 0.024, 0.018), chitin(rng, BLACK, 0.06), core=False)
    h.eyes((0.10, 0.055, 0.04), (0.018, 0.016, 0.018))
    erect = rng.random() < 0.45
    for side in (1, -1):
        if erect:
            h.tube([(-0.01, 0.06 * side, 0.06), (-0.01, 0.085 * side, 0.17)], [0.042, 0.008], limb, core=True)
        else:
            h.ball(
                (0.0, 0.10 * side, -0.02), (rng.uniform(0.07, 0.12), 0.018, 0.05), limb, forward=(0.15, 0.2 * side, -1)
            )
    _tail(m, 0.3, 0.13, rng.uniform(0.15, 0.4), rng.uniform(0.025, 0.04), skin, (-0.6, 1.3))
    if rng.random() < 0.4:
        shag = rng.uniform(0.03, 0.09)
        for solid in m.hide:
            m.fur(solid, 800, shag, pick(rng, [one, one, two]), (-0.6, 0, -0.8), 0.3, 0.003)
    return m.done()


def horse(rng, stand) -> Subject:
    """A horse, pony, donkey or zebra: long legs with hooves, arched neck with mane, long face, hair tail."""
    form = pick(rng, ["horse", "horse", "pony", "donkey", "zebra"])
    one, two = pick(rng, COATS)
    hair, kind = pick(rng, [one, two, BLACK, CREAM]), pick(rng, ["plain", "plain", "mottle", "belly"])
    if form == "zebra":
        one, two, hair, kind = (*pick(rng, [(WHITE, BLACK), (CREAM, DARK)]), BLACK, "bands")
    skin = painted(rng, one, two, kind, 0.03, 0.5, 1.6 if form == "zebra" else 0.4)
    limb = painted(rng, pick(rng, [one, one, two]), two, "joint" if form == "zebra" else "plain", 0.03, 0.5)
    leg = dict(horse=0.42, pony=0.28, donkey=0.34, zebra=0.38)[form] * rng.uniform(0.9, 1.08)
    m, h = _quadruped(rng, stand, skin, limb, leg, 0.034, 0.30, rng.uniform(0.105, 0.14), 0.135,
                      (0.28, pick(rng, [0.85, 0.6, -0.3]), 0.11, 0.065), (0.09, 0.06, 0.075),
                      hoof=chitin(rng, pick(rng, [DARK, BLACK, TAN]), 0.04), swing=0.12)  # fmt: skip
    h = h.part((0, 0, 0), 0, rng.uniform(-0.9, -0.4))
    muzzle = painted(rng, pick(rng, [one, DARK, two]), one, "plain", 0.03, 0.5)
    h.tube([(0.03, 0, 0.0), (0.20, 0, -0.015)], [0.065, 0.042], skin, core=True)
    h.ball((0.22, 0, -0.015), (0.045, 0.042, 0.045), muzzle)
    h.eyes((0.06, 0.055, 0.03), (0.016, 0.012, 0.016))
    ear = 0.17 if form == "donkey" else 0.09
    for side in (1, -1):
        h.tube([(-0.05, 0.035 * side, 0.05), (-0.07, 0.05 * side, 0.06 + ear)], [0.022, 0.006], skin)
    crest = m.axes.T @ (h.center - m.center)
    middle = 0.5 * (crest + np.array([0.12, 0, 0.13])) + [-0.03, 0, 0.05]
    short = form in ("donkey", "zebra")
    _tuft(m, [(0.10, 0, 0.13), middle, crest + [-0.03, 0, 0.07]], 700, 0.06 if short else 0.15,
          (-0.3, 0, 1) if short else (-0.5, rng.choice([-0.8, 0.8]), -0.3), hair)  # fmt: skip
    m.tube([(-0.28, 0, 0.08), (-0.36, 0, 0.03)], [0.03, 0.02], limb)
    _tuft(
        m,
        [(-0.32, 0, 0.06), (-0.38, 0, -0.02)],
        500,
        rng.uniform(0.25, 0.36),
        (-0.3, rng.normal(0, 0.2), -1),
        hair,
        0.004,
        0.12,
    )
    return m.done()


def ear_outline(u, v):
    return np.abs(v + 0.1) < 0.9 * np.sqrt(np.clip(1 - (1.7 * u - 0.7) ** 2, 0, 1))


def elephant(rng, stand) -> Subject:
    """An elephant: huge body on pillar legs, large flat ears, trunk, often tusks, thin tail."""
    one = pick(rng, [GREY, (0.40, 0.38, 0.37), (0.55, 0.50, 0.46), (0.44, 0.34, 0.28), (0.58, 0.58, 0.60)])
    skin = painted(rng, one, np.array(one) * 0.7, pick(rng, ["plain", "mottle", "belly"]), 0.015, 0.8, bump=0.4)
    m, h = _quadruped(rng, stand, skin, skin, rng.uniform(0.22, 0.3), 0.062, 0.31, rng.uniform(0.18, 0.22), 0.21,
                      (0.10, 0.5, 0.15, 0.13), (0.15, 0.13, 0.16), hoof=skin, swing=0.1)  # fmt: skip
    h.eyes((0.12, 0.105, 0.02), (0.013, 0.011, 0.013))
    points, way, curl = (
        [np.array([0.11, 0, -0.04])],
        turned((1, 0, 0), 0, rng.uniform(-1.3, -0.5)),
        pick(rng, [-0.1, 0.2, 0.45]),
    )
    aside, step = rng.normal(0, 0.12), rng.uniform(0.06, 0.075)
    for _ in range(7):
        points.append(points[-1] + way * step)
        way = turned(way, aside, -curl * 0.4 if len(points) < 4 and curl < 0.3 else curl)
    h.tube(points, np.linspace(0.075, 0.026, 8), skin, core=True)
    ear, tusk = rng.uniform(0.13, 0.24), rng.uniform(0.08, 0.24) * (rng.random() < 0.75)
    ivory = Material(vary(rng, CREAM), 0.05, 0.3)
    flap = rng.uniform(0.3, 1.1)
    for side in (1, -1):
        h.fin((0.0, 0.10 * side, 0.0), (-np.cos(flap), np.sin(flap) * side, -0.1), (0, 0, 1), ear * 1.3, ear,
              ear_outline, skin, 0.03, core=True)  # fmt: skip
        if tusk:
            h.tube([(0.11, 0.07 * side, -0.08), (0.13 + tusk * 0.6, 0.09 * side, -0.09 - tusk * 0.5),
                    (0.14 + tusk * 1.1, 0.085 * side, -0.08 - tusk * 0.4)], [0.024, 0.02, 0.006], ivory)  # fmt: skip
    m.tube([(-0.30, 0, 0.08), (-0.36, 0, -0.05), (-0.36, rng.normal(0, 0.04), -0.2)], [0.022, 0.014, 0.010], skin)
    return m.done()
