"""Arachnids: spider, scorpion."""

import numpy as np

from ..backgrounds import pick
from ..primitives import Ellipsoid, rotation
from ..scene import Subject
from .animal_model import (
    BLACK,
    BLUE,
    BROWN,
    CREAM,
    DARK,
    GREY,
    LIME,
    OLIVE,
    ORANGE,
    RED,
    RUST,
    SAND,
    TAN,
    WHITE,
    YELLOW,
    Model,
    painted,
)


def spider(rng, stand) -> Subject:
    """A spider: two body parts, eight legs, palps; garden spider, tarantula, jumping spider, widow or long-legs."""
    form = pick(rng, ["garden", "tarantula", "jumping", "widow", "long", "wolf"])
    one, two = pick(
        rng,
        [
            (BROWN, CREAM),
            (BLACK, RED),
            (DARK, ORANGE),
            (TAN, BROWN),
            (GREY, WHITE),
            (LIME, YELLOW),
            (BLACK, YELLOW),
            (RUST, DARK),
            (CREAM, BROWN),
            (BLUE, ORANGE),
        ],
    )
    gloss = 0.06 if form == "widow" else 0.025
    skin = painted(rng, one, two, pick(rng, ["back", "spots", "mottle", "bands", "lines", "plain"]), gloss)
    fore = painted(rng, pick(rng, [one, one, BROWN, BLACK]), two, pick(rng, ["plain", "back"]), gloss)
    limbs = painted(rng, pick(rng, [one, one, BROWN, BLACK, TAN]), two, pick(rng, ["joint", "plain"]), 0.04)
    fat = dict(garden=1.25, tarantula=1.0, jumping=0.85, widow=1.35, long=0.7, wolf=0.95)[form] * rng.uniform(
        0.85, 1.15
    )
    reach = dict(garden=1.0, tarantula=1.0, jumping=0.62, widow=1.1, long=1.5, wolf=0.95)[form] * rng.uniform(
        0.88, 1.12
    )
    thick = dict(garden=1.0, tarantula=1.7, jumping=1.5, widow=0.7, long=0.45, wolf=1.1)[form] * 0.02
    size = 0.75 if form == "long" else 1.0
    m = Model(rng, stand, rng.uniform(0.13, 0.22) * (1.2 if form == "long" else 1), pitch=rng.normal(0, 0.1))
    thorax = m.ball((0.08, 0, 0), np.array([0.15, 0.12, 0.09]) * size, fore)
    head = m.ball(
        (0.20 * size, 0, 0.01), np.array([0.08, 0.085, 0.075]) * size * (1.3 if form == "jumping" else 1), fore
    )
    a = m.part((-0.05, 0, 0.01), rng.normal(0, 0.1), rng.normal(-0.05, 0.2))
    r = np.array([0.20, 0.15, 0.14]) * fat * size
    belly = a.ball((-r[0] * 0.9, 0, r[2] * 0.25), r, skin)
    a.tube([(-r[0] * 1.8, 0, 0), (-r[0] * 2.05, 0, -0.01)], [0.025, 0.01], fore)
    big = 0.03 if form == "jumping" else 0.013
    m.eyes((0.255 * size, 0.025, 0.035), (big, big, big))
    m.eyes((0.225 * size, 0.06, 0.05), np.full(3, big * 0.7))
    for side in (1, -1):
        m.tube([(0.25 * size, 0.03 * side, -0.02), (0.27 * size, 0.025 * side, -0.09)], [0.03, 0.012], fore)
        m.tube(
            [(0.22 * size, 0.07 * side, -0.02), (0.32 * size, 0.09 * side, 0.0), (0.37 * size, 0.05 * side, -0.09)],
            [thick, thick * 1.1, thick],
            limbs,
        )
        for i in range(4):
            angle = (0.55, 1.15, 1.85, 2.55)[i] + rng.normal(0, 0.1)
            far = (0.62, 0.52, 0.46, 0.62)[i] * reach * rng.uniform(0.92, 1.06)
            hip = (0.15 - 0.055 * i, 0.085 * side * size, -0.01)
            foot = m.ground(0.08 + far * np.cos(angle), far * np.sin(angle) * side, thick * 0.4)
            bulge = rng.uniform(0.62, 0.7) if form in ("long", "widow", "garden") else rng.uniform(0.56, 0.64)
            m.limb(hip, foot, [thick * 1.25, thick, thick * 0.5], limbs, bulge, split=0.46)
    hair = dict(tarantula=900, wolf=450, jumping=500).get(form, 120)
    rgb = pick(rng, [one, two, TAN, GREY])
    for solid in (thorax, head, belly):
        m.fur(solid, hair, 0.05 if hair > 200 else 0.03, rgb, radius=0.002)
    if hair > 200:
        for cone in [s for s in m.subject.solids if getattr(s, "ra", 0) > 0.015]:
            along = (cone.b - cone.a)[:, 0]
            tuft = Ellipsoid(cone.center[:, 0], (np.linalg.norm(along) / 2, cone.ra, cone.ra), rotation(along))
            m.fur(tuft, 70, 0.04, rgb, radius=0.002, stand_up=0.7)
    return m.done()


def scorpion(rng, stand) -> Subject:
    """A scorpion: segmented body, arched tail with a sting, two pincers, eight legs."""
    one = pick(rng, [BLACK, DARK, BROWN, SAND, TAN, YELLOW, RUST, OLIVE, (0.12, 0.14, 0.2)])
    skin = painted(rng, one, np.array(one) * 0.5, "ring", rng.uniform(0.04, 0.1))
    pale = painted(rng, np.clip(np.array(one) * rng.uniform(0.8, 1.6), 0, 0.95), one, "plain", 0.05)
    m = Model(rng, stand, rng.uniform(0.09, 0.13))
    wide = rng.uniform(0.085, 0.12)
    for i in range(7):
        w = wide * (0.85, 1, 1.05, 1.05, 1, 0.85, 0.65)[i]
        m.ball((0.16 - 0.066 * i, 0, 0), (0.055, w, w * 0.62), skin)
    m.ball((0.22, 0, 0.005), (0.10, wide * 0.9, wide * 0.6), skin)
    m.eyes((0.24, 0.018, wide * 0.55), (0.014, 0.012, 0.014))
    p, way = np.array([-0.27, 0, 0.0]), rng.uniform(0.0, 0.3)
    lean, curl, step = rng.normal(0, 0.12), rng.uniform(0.42, 0.72), rng.uniform(0.095, 0.13)
    for i in range(5):
        d = np.array([-np.cos(way), lean, np.sin(way)])
        q = p + d * step
        m.ball((p + q) / 2, (step * 0.62, 0.043 - 0.003 * i, 0.043 - 0.003 * i), skin, forward=-d)
        p, way = q, way + curl
    d = np.array([-np.cos(way), lean, np.sin(way)])
    m.ball(p + d * 0.04, (0.06, 0.042, 0.042), pale, forward=d)
    tip = p + d * 0.09
    d = np.array([-np.cos(way + 0.9), 0, np.sin(way + 0.9)])
    m.tube([tip, tip + d * 0.08], [0.018, 0.004], skin)
    claw = rng.uniform(0.7, 1.5)
    for side in (1, -1):
        out, ahead, up = rng.uniform(0.2, 0.34), rng.uniform(0.38, 0.55), rng.uniform(-0.03, 0.08)
        elbow = (0.32, out * side, 0.03 + up)
        wrist = (ahead, out * side * rng.uniform(0.7, 1.0), up)
        m.tube(
            [(0.26, 0.07 * side, -0.01), (0.28, (out - 0.07) * side, 0.02), elbow, wrist],
            [0.024, 0.03, 0.034, 0.026],
            pale,
        )
        c = m.part(wrist, -side * rng.uniform(-0.1, 0.6), rng.normal(0, 0.15))
        c.ball((0.07, 0, 0), (0.09, 0.045 * claw, 0.042 * claw), pale)
        gape = rng.uniform(0.01, 0.06)
        for s in (1, -1):
            c.tube(
                [(0.13, 0.025 * s * claw, 0), (0.19, (0.018 * claw + gape) * s, 0), (0.25, 0.35 * gape * s, 0)],
                [0.02 * claw**0.5, 0.016, 0.005],
                skin,
            )
        for i in range(4):
            angle, far = (
                (0.9, 1.35, 1.8, 2.3)[i] + rng.normal(0, 0.08),
                (0.32, 0.34, 0.36, 0.40)[i] * rng.uniform(0.9, 1.1),
            )
            foot = m.ground(0.1 + far * np.cos(angle), far * np.sin(angle) * side, 0.01)
            m.limb((0.17 - 0.07 * i, wide * 0.7 * side, -0.02), foot, [0.02, 0.017, 0.008], pale, 0.62)
    return m.done()
