"""Insects on the wing: butterfly, moth, dragonfly, housefly, mosquito."""

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..insects import chitin, fore_outline, wing_veins
from ..primitives import Ellipsoid, Strands, rotation
from ..scene import Material, Subject
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
    SKY,
    TAN,
    TEAL,
    WHITE,
    WINE,
    YELLOW,
    Model,
    painted,
)


def clear_wing(rng, rgb=(0.75, 0.75, 0.7), tint=0.2, spots=0.0) -> Material:
    """See-through veined wing, sometimes with smoky patches."""
    shade, dark = vary(rng, np.array(rgb) * 0.7, 0.04)[:, None], vary(rng, (0.18, 0.13, 0.10), 0.03)[:, None]
    f, phase = rng.uniform(6, 14), rng.uniform(0, 6.28)

    def patches(u):
        return spots * np.clip(np.sin(u[0] * f + phase) * 3 - 1, 0, 1)

    def film(u, p, noise):
        rainbow = np.stack([np.cos(9 * u[0] + 3 * u[1] + k) for k in (0, 2.1, 4.2)])
        t = np.clip(wing_veins(u) + patches(u), 0, 1)
        return np.clip(shade * (1 + 0.15 * rainbow), 0, 1) * (1 - t) + dark * t

    return Material(
        film, 0.07, 0.25, translucency=0.5, opacity=lambda u: np.clip(tint + 0.8 * wing_veins(u) + patches(u), 0, 0.95)
    )


WINGS = [  # ground colour, band, edge, spot
    (ORANGE, YELLOW, BLACK, WHITE), (YELLOW, ORANGE, BLACK, BLUE), (WHITE, CREAM, BLACK, BLACK),
    (BLUE, SKY, BLACK, WHITE), (BROWN, ORANGE, DARK, BLUE), (BLACK, RED, BLACK, WHITE), (SKY, BLUE, GREY, ORANGE),
    (BLACK, TEAL, BLACK, SKY), (RED, BLACK, DARK, BLUE), (LIME, YELLOW, GREEN, RED), (TAN, BROWN, DARK, CREAM),
    (PURPLE, BLUE, BLACK, WHITE), (CREAM, ORANGE, BROWN, RED), (BLACK, WHITE, BLACK, YELLOW), (TEAL, LIME, BLACK, RED),
]  # fmt: skip
MOTHS = [
    (TAN, BROWN, DARK, CREAM), (GREY, DARK, WHITE, BLACK), (CREAM, TAN, BROWN, DARK), (BROWN, RUST, TAN, WHITE),
    (WHITE, GREY, BLACK, BLACK), (LIME, CREAM, WINE, YELLOW), (PINK, OLIVE, PINK, CREAM), (RUST, YELLOW, DARK, BLUE),
    (OLIVE, TAN, DARK, CREAM), (WHITE, BLACK, BLACK, ORANGE), (GREY, PINK, DARK, BLUE), (SAND, RUST, BROWN, BLACK),
]  # fmt: skip


def scaly(rng, palette, start, stop, radii, ratio, marks):
    """Outline and material of a scaly wing, in polar coordinates about its root: radii over angles start to stop."""
    theta = np.linspace(start, stop, 64)
    knots = np.interp(theta, np.linspace(start, stop, len(radii)), radii)
    smooth = np.convolve(np.pad(knots, 5, "edge"), np.ones(11) / 11, "valid")
    smooth = smooth + marks["scallop"] * np.cos((theta - start) * marks["veins"] * 2 * np.pi)
    ground, band, edge, spot = (c[:, None] for c in palette)
    place, width = marks["band"], marks["width"]

    def polar(u, v):
        angle = np.arctan2(v * ratio, u)
        return np.hypot(u, v * ratio), angle, np.interp(angle, theta, smooth)

    def outline(u, v):
        r, angle, limit = polar(u, v)
        return (r < limit) & (angle > start) & (angle < stop)

    def color(u, p, noise):
        r, angle, limit = polar(u[0], u[1])
        rho = r / limit + marks["wobble"] * np.sin(angle * 14 + marks["phase"])
        share = (angle - start) / (stop - start)
        t = np.clip((width - np.abs(rho - place)) * 18, 0, 1) * marks["banded"]
        c = ground * (1 - t) + band * t
        c = c * (1 - marks["root"] * np.clip(1 - rho * 2.5, 0, 1)) * (1 + 0.10 * noise(p * 25, 2))
        vein = np.abs((share * marks["veins"]) % 1 - 0.5) * (stop - start) * r / marks["veins"]
        t = np.clip(1.6 - vein / 0.010, 0, 1) * marks["lined"] * (share < 1)
        t = np.maximum(t, np.clip((rho - marks["edge"]) * 14, 0, 1) + np.clip((0.04 - share) * 40, 0, 1) * 0.7)
        if marks["zigzag"]:  # fine wavy cross lines, as on moths
            t = np.maximum(t, np.clip(np.sin(rho * 26 + 1.5 * np.sin(angle * 22)) * 3 - 1.6, 0, 1) * marks["zigzag"])
        c = c * (1 - np.clip(t, 0, 1)) + edge * np.clip(t, 0, 1)
        dots = np.hypot((share * marks["dots"]) % 1 - 0.5, (rho - marks["row"]) * 5) < 0.27
        c = np.where(dots & (marks["dots"] > 0), spot, c)
        for at, turn, size in marks["eyes"]:
            far = np.hypot(r - at * limit, (share - turn) * (stop - start) * r) / size
            c = np.where(far < 1, edge, c)
            c = np.where(far < 0.72, spot, c)
            c = np.where(far < 0.35, edge * 0.3, c)
        return np.clip(c, 0, 1)

    return outline, Material(color, 0.03, 0.6, sheen=0.15, translucency=0.25)


def marks_of(rng, moth: bool) -> dict:
    return dict(
        scallop=pick(rng, [0, 0, 0.012, 0.025]), veins=rng.integers(5, 9), band=rng.uniform(0.35, 0.8),
        width=rng.uniform(0.03, 0.2), banded=rng.random() < 0.7, wobble=pick(rng, [0, 0.02, 0.05]),
        phase=rng.uniform(0, 6), root=rng.uniform(0, 0.6), lined=pick(rng, [0, 0.5, 1]) * (not moth),
        edge=rng.uniform(0.78, 1.05), zigzag=moth * pick(rng, [0, 0.5, 0.9]), dots=pick(rng, [0, 5, 7, 9]) * (not moth),
        row=rng.uniform(0.82, 0.93),
        eyes=[(rng.uniform(0.45, 0.75), rng.uniform(0.3, 0.7), rng.uniform(0.04, 0.12))] * (rng.random() < 0.5),
    )  # fmt: skip


def _winged(rng, m, palette, moth, sweep, lift, roll, size) -> None:
    """Four scaly wings; hind wings first, a little lower."""
    palette = [vary(rng, c, 0.05) for c in palette]
    fore = [0.9, 1.0, rng.uniform(0.75, 0.95), rng.uniform(0.55, 0.8), rng.uniform(0.5, 0.65), 0.5]
    tail = 0.35 * (rng.random() < (0.12 if moth else 0.25))
    hind = [0.7, 0.8, 0.8, 0.75 + tail * 0.3, 0.7 + tail, 0.55, 0.5]
    ratio = 0.85
    pairs = [(hind, -0.75, 0.85, 0.75, -0.05, 0.8), (fore, rng.uniform(-0.5, -0.3), rng.uniform(0.55, 0.8), 0, 0, 1.0)]
    for radii, start, stop, back, z, scale in pairs:
        marks = marks_of(rng, moth)
        outline, material = scaly(rng, palette, start, stop, np.array(radii) / max(radii), ratio, marks)
        for side in (1, -1):
            x = 0.03 if scale == 1 else -0.03
            length = size * scale * (1 + tail * (scale < 1))
            m.wing((x, 0.03 * side, 0.05 + z * 0.3), side, sweep + back * (1 if sweep < 0.5 else 0.3),
                   lift + rng.normal(0, 0.03), length, length * ratio, outline, material, roll,
                   rng.uniform(-0.03, 0.05), clear=False)  # fmt: skip


def butterfly(rng, stand) -> Subject:
    """A butterfly: four large patterned wings, spread, half raised or shut; slim body, clubbed feelers."""
    m = Model(rng, stand, rng.uniform(0.12, 0.18), pitch=rng.normal(0.1, 0.1))
    skin = painted(
        rng, pick(rng, [BLACK, DARK, BROWN, GREY]), pick(rng, [YELLOW, GREY, TAN]), pick(rng, ["plain", "lines"])
    )
    thorax = m.ball((0.02, 0, 0), (0.10, 0.055, 0.055), skin)
    m.part((-0.05, 0, 0), 0, rng.uniform(-0.1, 0.25)).ball((-0.17, 0, 0), (0.20, 0.037, 0.037), skin)
    m.fur(thorax, 500, 0.04, pick(rng, [DARK, TAN, GREY, BROWN]), radius=0.002)
    h = m.part((0.13, 0, 0.0), rng.normal(0, 0.1), rng.normal(0, 0.15))
    h.ball((0.01, 0, 0), (0.04, 0.042, 0.04), skin)
    h.eyes((0.02, 0.035, 0.005), (0.022, 0.018, 0.026))
    h.feelers((0.03, 0.015, 0.025), rng.uniform(0.28, 0.42), 0.006, skin, (0.2, 0.6), (0.2, 0.8), 2.2)
    lift = pick(rng, [rng.uniform(-0.05, 0.3), rng.uniform(0.3, 1.0), rng.uniform(1.25, 1.5)])
    _winged(rng, m, pick(rng, WINGS), False, rng.uniform(-0.25, 0.2), lift, 0.0, rng.uniform(0.55, 0.72))
    dark = chitin(rng, DARK, 0.04)
    m.six_legs([(0.07, 0.03, -0.03), (0.02, 0.03, -0.04), (-0.03, 0.03, -0.03)],
               [(0.22, 0.12), (0.05, 0.2), (-0.18, 0.15)], 0.009, dark, 0.5)  # fmt: skip
    return m.done()


def moth(rng, stand) -> Subject:
    """A moth: stout furry body, muted zigzag wings spread flat or folded like a roof, comb-like feelers."""
    m = Model(rng, stand, rng.uniform(0.09, 0.13))
    palette = pick(rng, MOTHS)
    skin = painted(rng, palette[0], palette[1], pick(rng, ["plain", "bands"]), 0.02, 0.7)
    size = rng.uniform(0.85, 1.25)
    parts = [m.ball((0.05, 0, 0), np.array([0.13, 0.09, 0.085]) * size, skin)]
    for i in range(4):
        radii = np.array([0.07, 0.07 - 0.012 * i, 0.065 - 0.01 * i]) * size
        parts.append(m.ball((-0.08 - 0.075 * i, 0, -0.01 * i), radii, skin))
    h = m.part((0.15 * size, 0, 0), rng.normal(0, 0.1), rng.normal(-0.1, 0.1))
    parts.append(h.ball((0.02, 0, 0), np.array([0.05, 0.06, 0.05]) * size, skin))
    h.eyes((0.035, 0.045 * size, 0.005), (0.025, 0.02, 0.025))
    for solid in parts:
        m.fur(solid, 600, rng.uniform(0.03, 0.045), pick(rng, palette[:2]), radius=0.002, stand_up=0.35)
    before = len(m.subject.solids)
    h.feelers((0.05, 0.025, 0.03), rng.uniform(0.2, 0.35), 0.008, skin, (0.5, 1.1), (0.1, 0.5), 0.5)
    if rng.random() < 0.6:  # comb teeth on both sides of each joint
        for cone in m.subject.solids[before:]:
            n, along = 26, (cone.b - cone.a)
            root = (cone.a + along * rng.random(n)).astype(np.float32)
            out = normalize(np.cross(along[:, 0], (0, 0, 1)))[:, None] * rng.choice([-1, 1], n) + 0.5 * normalize(along)
            color = np.tile(vary(rng, palette[1])[:, None], n).astype(np.float32)
            m.subject.strands.append(
                Strands(
                    root,
                    normalize(out).astype(np.float32),
                    np.tile(np.float32([[0], [0], [1]]), n),
                    0.05,
                    color,
                    0.0025,
                )
            )
    if rng.random() < 0.5:
        sweep, lift, roll = rng.uniform(-0.1, 0.35), rng.uniform(-0.1, 0.12), 0.0
    else:
        sweep, lift, roll = rng.uniform(0.75, 1.1), rng.uniform(-0.15, -0.02), rng.uniform(0.1, 0.6)
    _winged(rng, m, palette, True, sweep, lift, roll, rng.uniform(0.52, 0.68))
    m.six_legs([(0.1, 0.05, -0.04), (0.04, 0.05, -0.05), (-0.02, 0.05, -0.05)],
               [(0.24, 0.14), (0.08, 0.22), (-0.14, 0.18)], 0.012, skin, 0.5)  # fmt: skip
    return m.done()


def dragonfly(rng, stand) -> Subject:
    """A dragonfly or damselfly: huge eyes, long thin abdomen, four long clear wings held out (or shut together)."""
    damsel = rng.random() < 0.3
    one, two = pick(rng, [(BLUE, BLACK), (GREEN, BLACK), (RED, WINE), (YELLOW, BLACK), (SKY, DARK), (TEAL, BLACK),
                          (BROWN, YELLOW), (ORANGE, RED), (GREY, BLUE), (PURPLE, BLACK)])  # fmt: skip
    skin = painted(rng, one, two, pick(rng, ["mottle", "lines", "plain"]), 0.05)
    ringed = painted(rng, one, two, pick(rng, ["joint", "joint", "plain", "bands"]), 0.05, scale=1.5)
    m = Model(rng, stand, rng.uniform(0.14, 0.22), pitch=rng.normal(0.05, 0.12))
    slim = rng.uniform(0.85, 1.15) * (0.6 if damsel else 1)
    m.ball((0.26, 0, 0.02), np.array([0.13, 0.08, 0.10]) * slim**0.6, skin)
    m.ball((0.18, 0, 0.0), np.array([0.09, 0.07, 0.08]) * slim**0.6, skin)
    droop, thick = rng.normal(0.02, 0.12), rng.uniform(0.026, 0.042) * slim
    xs = np.linspace(0.12, -0.62, 9)
    radii = thick * np.array([1.3, 1.1, 0.8, 0.85, 0.95, 1.0, 1.0, 0.95, 0.7])
    m.tube([(x, 0, -droop * (0.12 - x) ** 2) for x in xs], radii, ringed, core=True)
    h = m.part((0.37, 0, 0.01), rng.normal(0, 0.2), rng.normal(0, 0.1))
    gap = 0.075 if damsel else 0.05
    h.ball((0.02, 0, 0), (0.055, 0.06, 0.055), skin)
    eye = painted(rng, pick(rng, [one, TEAL, BROWN, RED, LIME, BLUE]), two, "belly", 0.08, 0.15, bump=0)
    for side in (1, -1):
        h.ball((0.02, gap * side, 0.015), np.array([0.06, 0.052, 0.06]) * (0.7 if damsel else 1), eye)
    glass = clear_wing(rng, pick(rng, [WHITE, CREAM, TAN, SKY]), rng.uniform(0.1, 0.25), pick(rng, [0, 0, 0.7]))
    shut = damsel and rng.random() < 0.7
    for fore in (True, False):
        sweep, lift = rng.uniform(-0.15, 0.15) + (0 if fore else 0.2), rng.uniform(-0.15, 0.3)
        if shut:
            sweep, lift = rng.uniform(1.25, 1.4), rng.uniform(0.15, 0.35)
        for side in (1, -1):
            m.wing((0.24 if fore else 0.16, 0.04 * side, 0.08 * slim**0.6), side, sweep, lift, rng.uniform(0.62, 0.66),
                   0.075 if fore else 0.09, fore_outline, glass)  # fmt: skip
    m.six_legs([(0.33, 0.03, -0.06), (0.29, 0.04, -0.07), (0.24, 0.04, -0.07)],
               [(0.46, 0.12), (0.34, 0.2), (0.18, 0.2)], 0.010, chitin(rng, DARK, 0.04), 0.5)  # fmt: skip
    return m.done()


def housefly(rng, stand) -> Subject:
    """A fly: big red or brown eyes, two clear wings, bristles; grey, blowfly green or blue, or yellow-barred."""
    one, two = pick(rng, [(GREY, BLACK), (GREY, DARK), (TEAL, GREEN), (BLUE, TEAL), (GREEN, COPPER), (BLACK, GREY),
                          (TAN, BROWN), (DARK, YELLOW), (COPPER, BROWN)])  # fmt: skip
    gloss = 0.03 if one == GREY else rng.uniform(0.05, 0.18)
    fore = painted(rng, one, two, pick(rng, ["lines", "plain", "mottle"]), gloss)
    hind = painted(rng, one, two, pick(rng, ["ring", "plain", "back", "mottle", "bands"]), gloss)
    dark = chitin(rng, pick(rng, [BLACK, DARK, BROWN]), 0.04)
    m = Model(rng, stand, rng.uniform(0.2, 0.26), pitch=rng.normal(0.06, 0.1))
    fat = rng.uniform(0.85, 1.15)
    thorax = m.ball((0.06, 0, 0.02), np.array([0.19, 0.16, 0.16]) * fat**0.5, fore)
    p = m.part((-0.1, 0, -0.01), rng.normal(0, 0.08), rng.normal(0.08, 0.1))
    parts = [thorax, p.ball((-0.08, 0, 0), (0.14, 0.155 * fat, 0.13 * fat), hind)]
    parts.append(p.ball((-0.2, 0, -0.01), (0.14, 0.13 * fat, 0.11 * fat), hind))
    for solid in parts:
        m.fur(solid, 110, 0.075, BLACK, radius=0.002, stand_up=0.75)
    h = m.part((0.24, 0, 0.0), rng.normal(0, 0.15), rng.normal(-0.15, 0.15))
    h.ball((0.045, 0, 0), (0.07, 0.12, 0.11), chitin(rng, pick(rng, [GREY, WHITE, DARK]), 0.03))
    eye = painted(rng, pick(rng, [RED, WINE, BROWN, RUST, GREEN]), DARK, "plain", 0.08, 0.2, bump=0.02)
    big = rng.uniform(0.85, 1.2)
    for side in (1, -1):
        h.ball((0.05, 0.085 * side, 0.025), np.array([0.085, 0.068, 0.105]) * big, eye)
        h.tube([(0.11, 0.015 * side, 0.02), (0.15, 0.02 * side, -0.03)], [0.014, 0.016], dark)
    h.tube([(0.08, 0, -0.07), (0.09, 0, -0.15), (0.11, 0, -0.17)], [0.025, 0.02, 0.03], dark)
    glass = clear_wing(rng, pick(rng, [WHITE, CREAM, TAN]), rng.uniform(0.15, 0.35), pick(rng, [0, 0, 0.5]))
    sweep = rng.uniform(0.55, 1.25)
    for side in (1, -1):
        m.wing((0.05, 0.12 * side, 0.12), side, sweep + rng.normal(0, 0.05), rng.uniform(-0.02, 0.12), 0.58, 0.15,
               fore_outline, glass, rng.uniform(0, 0.15))  # fmt: skip
    r = rng.uniform(0.9, 1.1)
    m.six_legs([(0.14, 0.08, -0.1), (0.05, 0.09, -0.11), (-0.04, 0.08, -0.1)],
               [(0.40 * r, 0.22), (0.06, 0.38 * r), (-0.34 * r, 0.34)], 0.02, dark, 0.8)  # fmt: skip
    return m.done()


def mosquito(rng, stand) -> Subject:
    """A mosquito or crane fly: thread-like legs, slim hanging abdomen, needle snout, two narrow wings."""
    one, two = pick(rng, [(DARK, WHITE), (BROWN, CREAM), (BLACK, WHITE), (TAN, BROWN), (GREY, DARK), (RUST, TAN)])
    skin = painted(rng, one, two, pick(rng, ["plain", "mottle"]), 0.03)
    ringed = painted(rng, one, two, pick(rng, ["joint", "plain"]), 0.03)
    m = Model(rng, stand, rng.uniform(0.24, 0.36), pitch=rng.normal(-0.05, 0.1))
    thorax = m.ball((0.08, 0, 0.02), (0.09, 0.065, 0.08), skin)
    m.fur(thorax, 120, 0.018, one, radius=0.0015)
    p = m.part((0.0, 0, 0.0), rng.normal(0, 0.08), rng.normal(0.05, 0.2))
    fed = pick(rng, [1.0, 1.0, 1.7])
    blood = ringed if fed == 1 else painted(rng, WINE, one, "ring", 0.05)
    p.tube([(-0.06 * i, 0, -0.008 * i) for i in range(8)],
           np.array([0.025, 0.034, 0.038, 0.038, 0.036, 0.033, 0.028, 0.018]) * fed, blood, core=True)  # fmt: skip
    h = m.part((0.17, 0, -0.02), rng.normal(0, 0.12), rng.uniform(-0.7, -0.2))
    h.ball((0.01, 0, 0), (0.045, 0.045, 0.045), skin)
    h.eyes((0.02, 0.03, 0.01), (0.032, 0.026, 0.035))
    h.tube([(0.04, 0, -0.01), (rng.uniform(0.22, 0.3), 0, -0.03)], [0.009, 0.005], chitin(rng, DARK, 0.03))
    before = len(m.subject.solids)
    h.feelers((0.04, 0.015, 0.02), 0.2, 0.005, skin, (0.2, 0.7), (0.1, 0.5), 0.6, 4)
    plume = pick(rng, [0.02, 0.06])
    for cone in m.subject.solids[before:]:
        around = Ellipsoid(cone.center[:, 0], (0.03, 0.005, 0.005), rotation((cone.b - cone.a)[:, 0]))
        m.fur(around, 16, plume, one, radius=0.0015, stand_up=0.9)
    glass = clear_wing(rng, pick(rng, [WHITE, CREAM, TAN]), rng.uniform(0.12, 0.3), pick(rng, [0, 0, 0.6]))
    sweep = pick(rng, [rng.uniform(1.2, 1.45), rng.uniform(0.3, 0.9)])
    for side in (1, -1):
        m.wing((0.07, 0.045 * side, 0.07), side, sweep, rng.uniform(0.0, 0.12), 0.5, 0.07, fore_outline, glass)
    limbs = painted(rng, one, two, pick(rng, ["joint", "plain"]), 0.03)
    for side in (1, -1):
        for i in range(3):
            far, angle = (0.55, 0.6, 0.72)[i] * rng.uniform(0.85, 1.1), (0.6, 1.5, 2.45)[i] + rng.normal(0, 0.12)
            foot = m.ground(0.08 + far * np.cos(angle), far * np.sin(angle) * side, 0.006)
            m.limb(
                (0.11 - 0.03 * i, 0.03 * side, -0.05),
                foot,
                [0.011, 0.009, 0.005],
                limbs,
                rng.uniform(0.6, 0.72),
                toe=0.1,
            )
    return m.done()
