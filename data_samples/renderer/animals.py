"""Animals other than ants and bees: insects and other arthropods first, then a farmyard of simple models.

Local axes as in insects.py: x forward, y left, z up, about 1 unit long. Each builder draws a species-like palette,
pattern, proportions and pose from its rng. `Model` holds a subject while it is built.
"""

import copy

import numpy as np

from .backgrounds import vary
from .camera import normalize
from .insects import bent_knee, body_tilt, chain, chitin, coat, fore_outline, legs, turned, wing_veins
from .primitives import Ellipsoid, Frustum, Sheet, Strands, rotation
from .scene import Material, Subject

BLACK, BROWN, TAN, CREAM = (0.09, 0.08, 0.08), (0.30, 0.19, 0.11), (0.62, 0.47, 0.30), (0.86, 0.80, 0.68)
WHITE, GREY, RED, ORANGE = (0.92, 0.91, 0.88), (0.48, 0.47, 0.46), (0.68, 0.16, 0.10), (0.85, 0.45, 0.12)
YELLOW, GREEN, OLIVE, BLUE = (0.88, 0.75, 0.22), (0.32, 0.56, 0.20), (0.40, 0.40, 0.20), (0.18, 0.34, 0.66)
TEAL, PURPLE, PINK, RUST = (0.10, 0.42, 0.42), (0.38, 0.18, 0.44), (0.84, 0.55, 0.52), (0.54, 0.28, 0.13)
LIME, SKY, COPPER, WINE = (0.58, 0.72, 0.22), (0.50, 0.70, 0.86), (0.56, 0.32, 0.18), (0.36, 0.10, 0.13)
DARK, SAND = (0.17, 0.13, 0.11), (0.74, 0.62, 0.44)


def pick(rng, options):
    return options[rng.integers(len(options))]


def painted(rng, one, two, kind: str = "plain", gloss=0.04, rough=None, scale=1.0, bump=0.08, **more) -> Material:
    """Skin of colour `one` with a pattern of colour `two` (sRGB). kind: one of the branches below."""
    one, two = vary(rng, one, 0.04)[:, None], vary(rng, two, 0.04)[:, None]
    f, phase, edge = scale * rng.uniform(0.75, 1.3), rng.uniform(0, 6.28), rng.uniform(0.15, 0.6)
    wobble, sharp = rng.uniform(0, 0.8), rng.uniform(2, 7)

    def color(u, p, noise):
        if kind == "spots":
            t = (noise(p * 9 * f) - edge) * sharp
        elif kind == "mottle":
            t = 0.4 + 0.7 * noise(p * 5 * f, 3)
        elif kind == "bands":  # across the body
            t = (np.sin(p[0] * 26 * f + phase + wobble * noise(p * 5)) - edge + 0.4) * sharp * 0.5
        elif kind == "lines":  # along an ellipsoid
            t = (np.cos(u[1] * 11 * f) - edge + 0.2) * sharp * 0.5
        elif kind == "ring":  # the hind edge of each part
            t = (-u[0] - 0.3 + edge) * 4
        elif kind == "joint":  # a ring in the middle of each round cone
            t = (0.25 - np.abs(u[0] - edge - 0.15)) * 2 * sharp
        elif kind == "back":  # a stripe on top
            t = (0.15 + 0.3 * edge - np.abs(u[1])) * 8 * (u[2] > 0)
        elif kind == "belly":
            t = (-u[2] - edge + 0.35 + 0.25 * noise(p * 7)) * sharp * 0.6
        elif kind == "grooves":  # fine lines, like those of a wing case
            t = np.cos(u[1] * 34 * f) * 0.5 + 0.1
        else:
            t = 0.15 + 0.3 * noise(p * 8, 2)
        t = np.clip(t, 0, 1)
        return (one * (1 - t) + two * t) * (1 + 0.14 * noise(p * 22, 2))

    rough = rng.uniform(0.25, 0.55) if rough is None else rough
    return Material(color, gloss, rough, bump=bump, bump_scale=45, **more)


class Model:
    """A subject under construction. Parts are given in its local frame (`center`, `axes`); part() makes a new frame."""

    def __init__(self, rng, stand, height: float, half: float = 0.3, pitch: float = 0.0):
        self.rng, self.stand, self.subject, self.hide = rng, stand, Subject(), []
        base = stand.place(0, 0)
        base[2] = max(base[2], np.mean([stand.place(x, y)[2] for x in (-half, 0, half) for y in (-0.1, 0.1)]))
        self.axes = rotation(turned((1, 0, 0), rng.normal(0, 0.05), body_tilt(stand, half) + pitch))
        self.center = base + np.array([0, 0, height], np.float32)

    def at(self, x, y, z) -> np.ndarray:
        return self.center + self.axes @ np.array([x, y, z], np.float32)

    def part(self, c, yaw: float = 0.0, pitch: float = 0.0) -> "Model":
        """A frame at c, turned left by yaw and up by pitch, that adds to the same subject."""
        other = copy.copy(self)
        other.center, other.axes = self.at(*c), self.axes @ rotation(turned((1, 0, 0), yaw, pitch))
        return other

    def ball(self, c, radii, material, core=True, forward=None) -> Ellipsoid:
        axes = self.axes if forward is None else self.axes @ rotation(forward)
        solid = Ellipsoid(self.at(*c), radii, axes, material)
        (self.subject.core if core else self.subject.solids).append(solid)
        return solid

    def tube(self, points, radii, material, core=False) -> None:
        """Round cones through local points."""
        cones = chain([self.at(*p) for p in points], list(radii), material)
        (self.subject.core if core else self.subject.solids).extend(cones)

    def fin(self, root, u, v, length, width, outline, material, bend=0.0, core=False) -> None:
        """An opaque thin sheet from root along u, with v across."""
        u = normalize(np.asarray(u, np.float32))
        v = np.asarray(v, np.float32)
        v = normalize(v - u * (u @ v))
        axes = (self.axes @ np.stack([u, v, np.cross(u, v)], 1)).astype(np.float32)
        sheet = Sheet(self.at(*root), axes, length, width, outline, bend, 0.0, material)
        sheet.two_sided = True
        (self.subject.core if core else self.subject.solids).append(sheet)

    def wing(self, root, side, sweep, lift, length, width, outline, material, roll=0.0, bend=0.0, clear=True):
        """sweep: 0 straight out, pi/2 back. lift: up. roll: hind edge up. v runs from front edge to hind edge."""
        s, c = np.sin(sweep), np.cos(sweep)
        u = np.array([-s * np.cos(lift), side * c * np.cos(lift), np.sin(lift)], np.float32)
        v = np.array([-c, -side * s, 0], np.float32)
        v = np.cos(roll) * v + np.sin(roll) * side * np.cross(u, v)
        axes = (self.axes @ np.stack([u, v, side * np.cross(u, v)], 1)).astype(np.float32)
        sheet = Sheet(self.at(*root), axes, length, width, outline, bend, bend * 0.3, material)
        if clear:
            self.subject.sheets.append(sheet)
        else:
            sheet.two_sided = True
            self.subject.solids.append(sheet)
            self.subject.core.append(sheet)

    def limb(self, hip, foot, radii, material, bulge=0.58, up=(0, 0, 1), toe=0.0, split=0.5) -> None:
        """Two bones from the local hip to the world point foot; `up` (world) is where the knee points."""
        hip, foot = self.at(*hip), np.asarray(foot, np.float32)
        length = np.linalg.norm(foot - hip) * 2 * bulge
        knee = bent_knee(hip, foot, length * split, length * (1 - split), np.asarray(up, np.float32))
        points = [hip, knee, foot]
        radii = list(radii)
        if toe:
            out = normalize(np.array([foot[0] - knee[0], foot[1] - knee[1], 0], np.float32) + 1e-6)
            points.append(foot + out * toe)
            radii.append(radii[-1] * 0.7)
        self.subject.solids += chain(points, radii, material)

    def ground(self, x, y, above=0.0) -> np.ndarray:
        return self.stand.place(x, y) + np.array([0, 0, above], np.float32)

    def six_legs(self, hips, feet, thick, material, spread=0.8) -> None:
        world = [self.at(*h) for h in hips]
        hips = [(w[0], abs(h[1]), w[2]) for w, h in zip(world, hips, strict=True)]
        self.subject.solids += legs(self.rng, self.stand, hips, feet, thick, material, spread)

    def eyes(self, c, radii, material=None) -> None:
        material = material or Material((0.006, 0.005, 0.005), gloss=0.06, roughness=0.12)
        for side in (1, -1):
            self.ball((c[0], c[1] * side, c[2]), radii, material, core=False)

    def feelers(self, socket, length, thick, material, yaw=(0.3, 0.9), pitch=(0.0, 0.7), club=0.7, joints=6) -> None:
        rng = self.rng
        radii = np.linspace(1, min(club, 1), joints + 1)
        if club > 1:
            radii[-2:] = club * 0.8, club
        curl, back = rng.normal(0.0, 0.10), rng.normal(0.05, 0.10)
        for side in (1, -1):
            points = [np.array([socket[0], socket[1] * side, socket[2]], np.float32)]
            way = turned((1, 0, 0), side * rng.uniform(*yaw), rng.uniform(*pitch))
            for _ in range(joints):
                points.append(points[-1] + way * length / joints)
                way = turned(way, side * (back + rng.normal(0, 0.03)), curl)
            self.tube(points, thick * radii, material)

    def fur(self, solid, n, length, rgb, comb=(-1, 0, 0), stand_up=0.5, radius=0.003) -> None:
        colors = np.stack([vary(self.rng, rgb, 0.04) for _ in range(3)], 1)
        comb = self.axes @ np.asarray(comb, np.float32)
        self.subject.strands.append(coat(self.rng, solid, n, length, colors, comb, radius, stand_up))

    def done(self) -> Subject:
        kept = {id(s) for s in self.subject.solids}  # opaque wings are already there
        self.subject.solids += [s for s in self.subject.core if id(s) not in kept]
        return self.subject


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


def oval(u, v):
    return np.abs(v) < np.sqrt(np.maximum(1 - (2 * u - 1) ** 2, 0))


def blade(u, v):
    return np.abs(v) < np.minimum(u * 5 + 0.25, 1) * np.sqrt(np.maximum(1 - u**5, 0))


def fan(u, v):
    return np.abs(v) < 0.25 + 0.75 * u


def curve(rng, stand, n, length, wave, radius, lift=1.0, turns=None):
    """World points of a body lying on the ground along a wavy line, head first, centred on the origin."""
    turns = rng.uniform(0.6, 1.6) if turns is None else turns
    s = np.linspace(0, 1, n)
    angle = wave * np.sin(2 * np.pi * turns * s + rng.uniform(0, 6.28)) + rng.normal(0, 0.3) * s
    x, y = np.cumsum(np.cos(angle)) * -length / n, np.cumsum(np.sin(angle)) * length / n
    x, y = x - x.mean(), y - y.mean()
    radius = np.broadcast_to(radius, n)
    return [stand.place(a, b) + np.array([0, 0, r * lift], np.float32) for a, b, r in zip(x, y, radius, strict=True)]


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


def _wing_case(rng, one, two, marking="plain"):
    """Leathery opaque fore wing."""
    return painted(rng, one, two, marking, 0.04, rng.uniform(0.3, 0.6), translucency=0.15)


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


ANIMALS = {
    "beetle": beetle,
    "weevil": weevil,
    "spider": spider,
    "scorpion": scorpion,
    "butterfly": butterfly,
    "moth": moth,
    "dragonfly": dragonfly,
    "housefly": housefly,
    "mosquito": mosquito,
    "grasshopper": grasshopper,
    "cockroach": cockroach,
    "shieldbug": shieldbug,
    "caterpillar": caterpillar,
    "earthworm": earthworm,
    "millipede": millipede,
    "snail": snail,
    "crab": crab,
    "fish": fish,
    "bird": bird,
    "duck": duck,
    "frog": frog,
    "lizard": lizard,
    "turtle": turtle,
    "snake": snake,
    "mouse": mouse,
    "cat": cat,
    "dog": dog,
    "horse": horse,
    "elephant": elephant,
    "starfish": starfish,
}
