"""What man-made things are built with: materials, parts, and the `Model` that collects them.

Every builder works in its own coordinates, z up and about one unit long; `Model.finish` turns, scales and stands the
result on the ground.
"""

import colorsys

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..primitives import CORNERS, Box, Ellipsoid, Frustum, RoundCone, Sheet, rotation
from ..scene import Material, Subject

TAU = 2 * np.pi
METALS = [(0.62, 0.62, 0.64), (0.75, 0.75, 0.76), (0.80, 0.65, 0.30), (0.72, 0.45, 0.30), (0.35, 0.35, 0.38)]
WOODS = [(0.72, 0.54, 0.33), (0.50, 0.33, 0.19), (0.36, 0.22, 0.14), (0.82, 0.69, 0.48), (0.60, 0.32, 0.18)]
DARK, WHITE = (0.10, 0.10, 0.11), (0.92, 0.91, 0.88)
LOOKS = np.concatenate([CORNERS.T, np.eye(3), -np.eye(3)]).astype(np.float32)  # directions of extreme points


def about(axis, angle: float) -> np.ndarray:
    """Rotation matrix about an axis (Rodrigues)."""
    x, y, z = normalize(np.asarray(axis, np.float32))
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return (np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k).astype(np.float32)


def smooth(points, rounds: int = 1) -> np.ndarray:
    """Chaikin's corner cutting, which keeps both ends."""
    p = np.asarray(points, np.float32)
    for _ in range(rounds):
        a, b = p[:-1], p[1:]
        p = np.concatenate([p[:1], np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], 1).reshape(-1, 2), p[-1:]])
    return p


def _low(s) -> float:
    """Height of a solid's lowest point."""
    if isinstance(s, Ellipsoid):
        return s.center[2, 0] - np.linalg.norm(s.axes[2] * s.radii)
    if isinstance(s, RoundCone):
        return min(s.a[2, 0] - s.ra, s.b[2, 0] - s.rb)
    if isinstance(s, Frustum):
        flat = np.sqrt(max(1 - s.axis[2, 0] ** 2, 0))
        return min(s.a[2, 0] - s.ra * flat, s.b[2, 0] - s.rb * flat)
    return s.tips()[2].min()


class Model:
    """Collects parts as recipes, because how far to lift and scale them is known only once all are there."""

    def __init__(self, rng: np.random.Generator):
        self.rng, self.recipes = rng, []
        self.turn, self.origin, self.scale = np.eye(3, dtype=np.float32), np.zeros((3, 1), np.float32), np.float32(1)

    def u(self, low=0.0, high=1.0) -> float:
        return float(self.rng.uniform(low, high))

    def odds(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def pick(self, *options):
        return pick(self.rng, options)

    # Colours and materials

    def tone(self) -> np.ndarray:
        """A random colour, linear: a clear one, a pale one, a grey or a dull one."""
        sat, val = self.pick((0.9, 0.8), (0.75, 0.6), (0.35, 0.9), (0.08, 0.85), (0.1, 0.4), (0.45, 0.45), (0.95, 0.9))
        return vary(self.rng, colorsys.hsv_to_rgb(self.u(), sat, val), 0.05)

    def skin(self, color, finish=None) -> Material:
        """Matt to glossy paint of a colour (3,) or colour function; `metal` mirrors more."""
        finish = finish or self.pick("matt", "satin", "gloss", "gloss")
        if finish == "metal":
            return Material(color, self.u(0.15, 0.5), self.u(0.15, 0.4))
        if finish == "matt":
            return Material(color, 0.02, self.u(0.6, 0.9), bump=self.u(0, 0.2), bump_scale=self.u(20, 60))
        return Material(color, 0.045, self.u(0.3, 0.5) if finish == "satin" else self.u(0.08, 0.22))

    def plain(self, rgb=None, finish=None) -> Material:
        """One colour, a little uneven."""
        base = self.tone() if rgb is None else vary(self.rng, rgb, 0.04)
        dirt, cells = self.u(0.0, 0.25), self.u(4, 25)
        return self.skin(lambda u, p, noise: base[:, None] * (1 + dirt * noise(self.local(p) * cells, 2)), finish)

    def metal(self) -> Material:
        base, worn = vary(self.rng, self.pick(*METALS), 0.05), vary(self.rng, (0.38, 0.22, 0.14), 0.05)
        rust = self.u(-1.5, 0.9) if self.odds(0.35) else -9.0

        def color(u, p, noise):
            q = self.local(p)
            t = np.clip((noise(q * 7, 3) + rust) * 3, 0, 1)
            return base[:, None] * (1 + 0.12 * noise(q * np.float32([[40], [40], [6]]))) * (1 - t) + worn[:, None] * t

        return self.skin(color, "metal")

    def wood(self, axis: int = 2) -> Material:
        """Grain along a model axis, sometimes painted or with a tinted stain."""
        if self.odds(0.2):
            return self.plain()
        base, stretch = vary(self.rng, self.pick(*WOODS), 0.05), np.full((3, 1), self.u(9, 20), np.float32)
        stretch[axis] *= 0.12
        deep = self.u(0.15, 0.5)

        def color(u, p, noise):
            rings = noise(self.local(p) * stretch, 2)
            return base[:, None] * (1 + deep * np.sin(9 * rings) * 0.5 + 0.15 * rings)

        return self.skin(color, self.pick("matt", "satin", "gloss"))

    def some(self) -> Material:
        """Any material a thing may be made of."""
        return self.pick(self.print, self.print, self.print, self.plain, self.metal, self.wood)()

    def print(self, base=None, cyl=None) -> Material:
        """Paint with a printed pattern around the z axis or across a slanting plane."""
        rng, cyl = self.rng, self.odds(0.6) if cyl is None else cyl
        colors = np.stack([self.tone() for _ in range(4)], 1)
        if base is not None:
            colors[:, 0] = vary(rng, base)
        name = self.pick(
            "around", "up", "checks", "dots", "letters", "blots", "bands", "waves", "band", "fade", "speck"
        )
        turns, rate, slant = rng.integers(2, 9), self.u(4, 14), self.pick(0, 0, 1, -1)
        duty, phase, table = self.u(0.2, 0.7), self.u(0, 9), rng.random((64, 64))
        a, k = about(rng.normal(0, 1, 3), self.pick(0, 0.4, 1.5, self.u(0, 3))), rng.integers(2, 5)
        level, thick = self.u(0.25, 0.6), self.u(0.08, 0.25)

        def color(u, p, noise):
            q = self.local(p)
            if cyl:
                s, t = np.arctan2(q[1], q[0]) / TAU * 2 * turns, q[2] * rate + phase
            else:
                s, t = a[0] @ q * rate + phase, a[2] @ q * rate + phase
            at = t + slant * s
            if name == "around":
                i = np.where(s % 1 < duty, 1, 0)
            elif name == "up":
                i = np.where(at % 1 < duty, 1, 0)
            elif name == "bands":
                i = np.floor(at).astype(int) % k
            elif name == "checks":
                i = (np.floor(s) + np.floor(t)).astype(int) % 2
            elif name == "dots":
                i = np.where(
                    (s % 1 - 0.5) ** 2 + (t % 1 - 0.5) ** 2 < 0.2 * duty, 1 + np.floor(t).astype(int) % k % 3, 0
                )
            elif name == "letters":  # rows of random strokes with gaps between rows and words
                x, y = np.floor(s * 6).astype(int), np.floor(t * 5).astype(int)
                i = np.where((table[x % 64, y % 64] < 0.55) & (y % 5 > 0) & (x % 4 > 0) & (y // 5 % 3 < 2), 1, 0)
            elif name == "waves":
                i = np.where((t + 0.5 * np.sin(s * TAU)) % 1 < duty, 1, 0)
            elif name == "band":
                i = np.where(np.abs(q[2] - level) < thick, 1, 0) + (np.abs(np.abs(q[2] - level) - thick) < 0.02)
            elif name == "blots":
                i = np.where(noise(q * rate * 0.6, 2) > duty - 0.3, 1, 0)
            elif name == "speck":
                i = np.where(noise(q * 30) > duty, 1, 0)
            else:
                f = np.clip(q[2] + 0.3 * noise(q * 3), 0, 1)
                return colors[:, :1] * (1 - f) + colors[:, 1:2] * f
            return colors[:, i] * (1 + 0.06 * noise(q * 14))

        return self.skin(color)

    def panes(self, base=None, across: int = 4, rows: int = 1, low=0.0, high=0.8) -> Material:
        """Walls of a box with windows: `across` by `rows` of them between heights low and high in [-1, 1]."""
        wall = self.tone() if base is None else vary(self.rng, base)
        glass, fill, trim = (
            vary(self.rng, self.pick((0.1, 0.13, 0.17), (0.35, 0.45, 0.55))),
            self.u(0.55, 0.85),
            self.tone(),
        )
        stripe = self.u(-0.9, -0.2) if self.odds(0.5) else -9.0

        def color(u, p, noise):
            side = np.where(np.abs(u[0]) > np.abs(u[1]), u[1], u[0])
            t = (u[2] - low) / (high - low) * rows
            s = (side * 0.5 + 0.5) * across
            hole = (np.abs(s % 1 - 0.5) < fill / 2) & (np.abs(t % 1 - 0.5) < fill / 2) & (t > 0) & (t < rows)
            hole &= np.abs(u[2]) < 0.97
            c = np.where(np.abs(u[2] - stripe) < 0.13, trim[:, None], wall[:, None] * (1 + 0.1 * noise(p * 12)))
            return np.where(hole, glass[:, None], c)

        return self.skin(color)

    # Parts

    def local(self, p) -> np.ndarray:
        return self.turn.T @ (p - self.origin) / self.scale

    def at(self, p) -> np.ndarray:
        return self.origin[:, 0] + self.turn @ (np.asarray(p, np.float32) * self.scale)

    def add(self, recipe, see_through: bool = False) -> None:
        self.recipes.append((recipe, see_through))

    def ball(self, c, radii, mat, axes=None) -> None:
        axes, radii = np.eye(3, dtype=np.float32) if axes is None else axes, np.asarray(radii, np.float32)
        self.add(lambda: Ellipsoid(self.at(c), radii * self.scale, self.turn @ axes, mat))

    def box(self, c, half, mat, axes=None) -> None:
        axes, half = np.eye(3, dtype=np.float32) if axes is None else axes, np.asarray(half, np.float32)
        self.add(lambda: Box(self.at(c), half * self.scale, self.turn @ axes, mat))

    def cone(self, a, b, ra, rb, mat, closed=True, see_through=False) -> None:
        self.add(lambda: Frustum(self.at(a), self.at(b), ra * self.scale, rb * self.scale, mat, closed), see_through)

    def rod(self, a, b, ra, rb, mat) -> None:
        self.add(lambda: RoundCone(self.at(a), self.at(b), ra * self.scale, rb * self.scale, mat))

    def path(self, points, radius, mat) -> None:
        radius = np.broadcast_to(radius, len(points))
        for i in range(len(points) - 1):
            self.rod(points[i], points[i + 1], radius[i], radius[i + 1], mat)

    def sheet(self, root, axes, length, width, outline, mat, bend_u=0.0, bend_v=0.0) -> None:
        def recipe():
            k = self.scale
            sheet = Sheet(self.at(root), self.turn @ axes, length * k, width * k, outline, bend_u * k, bend_v * k, mat)
            sheet.two_sided = True
            return sheet

        self.add(recipe)

    def lathe(self, profile, mat, rounds=0, foot=(0, 0, 0), axis=(0, 0, 1), see_through=False) -> None:
        """A surface of revolution through (radius, height) points; a flat ring is a very blunt cone."""
        profile, foot, axis = smooth(profile, rounds), np.asarray(foot), normalize(np.asarray(axis, np.float32))
        for (ra, za), (rb, zb) in zip(profile[:-1], profile[1:], strict=True):
            zb = zb if abs(zb - za) > 0.004 else za + 0.004
            self.cone(foot + axis * za, foot + axis * zb, ra, rb, mat, False, see_through)

    def ring(self, c, radius, thick, mat, x=(1, 0, 0), y=(0, 1, 0), start=0.0, end=TAU, n=16) -> None:
        angle = np.linspace(start, end, n + 1)[:, None]
        points = np.asarray(c) + radius * (np.cos(angle) * np.asarray(x) + np.sin(angle) * np.asarray(y))
        self.path(points, thick, mat)

    def wheel(self, x, y, r, width, mat) -> None:
        self.cone((x, y - width / 2, r), (x, y + width / 2, r), r, r, mat)

    def tyre(self) -> Material:
        """Painted on a wheel's disc: dark rubber, a bright rim, a hub."""
        rubber, rim, spokes = vary(self.rng, (0.13, 0.13, 0.14)), self.tone(), self.rng.integers(3, 9)
        inner = self.u(0.5, 0.75)

        def color(u, p, noise):
            spoke = (u[1] * spokes / 2) % 1 < 0.6
            c = np.where(
                ((u[2] < inner) & (spoke | (u[2] < 0.2) | (u[2] > inner * 0.85))), rim[:, None], rubber[:, None]
            )
            return c

        return self.skin(color, "satin")

    def extrude(self, xs, tops, bottoms, half, mat, side=None, roof=None) -> None:
        """A solid that is the same at every y: two outlined sides and a skin of planks over the top."""
        xs, tops, bottoms = (np.asarray(v, np.float32) for v in (xs, tops, bottoms))
        low, high = bottoms.min(), tops.max()
        middle, reach = (low + high) / 2, (high - low) / 2

        def outline(u, v):
            x, z = xs[0] + u * (xs[-1] - xs[0]), middle + v * reach
            return (z < np.interp(x, xs, tops)) & (z > np.interp(x, xs, bottoms))

        for y in (-half, half):
            axes = np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]], np.float32)
            self.sheet((xs[0], y, middle), axes, xs[-1] - xs[0], reach, outline, side or mat)
        for z, cover in ((tops, roof or mat), (bottoms, mat)):
            for i in range(len(xs) - 1):
                a, b = np.array([xs[i], 0, z[i]]), np.array([xs[i + 1], 0, z[i + 1]])
                self.box((a + b) / 2, (np.linalg.norm(b - a) / 2 + 0.002, half, 0.006), cover, rotation(b - a))
        for i in (0, -1):
            self.box((xs[i], 0, (tops[i] + bottoms[i]) / 2), (0.006, half, (tops[i] - bottoms[i]) / 2), mat)

    def finish(self, stand, tip=None, size=None, flat=False) -> Subject:
        """The subject: tipped, turned by a random yaw, about one unit long, touching the ground."""
        yaw = about((0, 0, 1), self.u(0, TAU))
        self.turn = yaw if tip is None else (yaw @ tip).astype(np.float32)
        rough = [recipe() for recipe, _ in self.recipes]
        tips = np.concatenate([s.tips() for s in rough], 1)
        span = tips.max(1) - tips.min(1)
        scale = (self.u(0.85, 1.15) if size is None else size) / max(np.hypot(span[0], span[1]), span[2])
        low = min(_low(s) for s in rough)
        ground = np.mean([stand.place(x, 0.0) for x in (-0.3, 0.0, 0.3)], 0)
        if flat or span[2] < 0.3 * max(span[0], span[1]):  # the relief would swallow a flat thing: lay it on the bumps
            around = [stand.place(0.35 * np.cos(a), 0.35 * np.sin(a))[2] for a in np.arange(8) * TAU / 8]
            ground[2] = 0.25 * ground[2] + 0.75 * max(*around, ground[2])
        middle = (tips.max(1) + tips.min(1)) / 2
        self.scale = np.float32(scale)
        self.origin = np.float32([-scale * middle[0], ground[1] - scale * middle[1], ground[2] - scale * low - 0.008])
        self.origin = self.origin.reshape(3, 1)
        built = [(recipe(), clear) for recipe, clear in self.recipes]
        solids = [s for s, clear in built if not clear]
        ends = np.stack([(LOOKS @ s.tips()).max(1) for s in solids])
        core = [solids[i] for i in sorted(set(ends.argmax(0).tolist()))]  # the few that reach out furthest
        return Subject(solids, core, [s for s, clear in built if clear])

    def fallen(self, chance: float):
        """A tip for `finish`: lying on its side, rolled anyhow; or None, upright."""
        if not self.odds(chance):
            return None
        return (about((0, 1, 0), np.pi / 2 + self.u(-0.1, 0.1)) @ about((0, 0, 1), self.u(0, TAU))).astype(np.float32)
