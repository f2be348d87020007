"""What the animals are built with: colours, patterned skins, and the `Model` that holds a subject while it is built.

Local axes as in insects.py: x forward, y left, z up, about 1 unit long. Each builder draws a species-like palette,
pattern, proportions and pose from its rng.
"""

import copy

import numpy as np

from ..backgrounds import vary
from ..camera import normalize
from ..insects import bent_knee, body_tilt, chain, coat, legs, turned
from ..primitives import Ellipsoid, Sheet, rotation
from ..scene import Material, Subject

BLACK, BROWN, TAN, CREAM = (0.09, 0.08, 0.08), (0.30, 0.19, 0.11), (0.62, 0.47, 0.30), (0.86, 0.80, 0.68)
WHITE, GREY, RED, ORANGE = (0.92, 0.91, 0.88), (0.48, 0.47, 0.46), (0.68, 0.16, 0.10), (0.85, 0.45, 0.12)
YELLOW, GREEN, OLIVE, BLUE = (0.88, 0.75, 0.22), (0.32, 0.56, 0.20), (0.40, 0.40, 0.20), (0.18, 0.34, 0.66)
TEAL, PURPLE, PINK, RUST = (0.10, 0.42, 0.42), (0.38, 0.18, 0.44), (0.84, 0.55, 0.52), (0.54, 0.28, 0.13)
LIME, SKY, COPPER, WINE = (0.58, 0.72, 0.22), (0.50, 0.70, 0.86), (0.56, 0.32, 0.18), (0.36, 0.10, 0.13)
DARK, SAND = (0.17, 0.13, 0.11), (0.74, 0.62, 0.44)


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
