"""Man-made things: household objects, tools, furniture, vehicles, buildings. Every builder works in its own
coordinates, z up and about one unit long; `_Model.finish` turns, scales and stands the result on the ground.
"""

import colorsys

import numpy as np

from .backgrounds import vary
from .camera import normalize
from .primitives import CORNERS, Box, Ellipsoid, Frustum, RoundCone, Sheet, rotation
from .scene import Material, Subject

TAU = 2 * np.pi
METALS = [(0.62, 0.62, 0.64), (0.75, 0.75, 0.76), (0.80, 0.65, 0.30), (0.72, 0.45, 0.30), (0.35, 0.35, 0.38)]
WOODS = [(0.72, 0.54, 0.33), (0.50, 0.33, 0.19), (0.36, 0.22, 0.14), (0.82, 0.69, 0.48), (0.60, 0.32, 0.18)]
DARK, WHITE = (0.10, 0.10, 0.11), (0.92, 0.91, 0.88)
LOOKS = np.concatenate([CORNERS.T, np.eye(3), -np.eye(3)]).astype(np.float32)  # directions of extreme points


def _about(axis, angle: float) -> np.ndarray:
    """Rotation matrix about an axis (Rodrigues)."""
    x, y, z = normalize(np.asarray(axis, np.float32))
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return (np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k).astype(np.float32)


def _smooth(points, rounds: int = 1) -> np.ndarray:
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


class _Model:
    """Collects parts as recipes, because how far to lift and scale them is known only once all are there."""

    def __init__(self, rng: np.random.Generator):
        self.rng, self.recipes = rng, []
        self.turn, self.origin, self.scale = np.eye(3, dtype=np.float32), np.zeros((3, 1), np.float32), np.float32(1)

    def u(self, low=0.0, high=1.0) -> float:
        return float(self.rng.uniform(low, high))

    def odds(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def pick(self, *options):
        return options[self.rng.integers(len(options))]

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
        a, k = _about(rng.normal(0, 1, 3), self.pick(0, 0.4, 1.5, self.u(0, 3))), rng.integers(2, 5)
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
        profile, foot, axis = _smooth(profile, rounds), np.asarray(foot), normalize(np.asarray(axis, np.float32))
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
        yaw = _about((0, 0, 1), self.u(0, TAU))
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
        return (_about((0, 1, 0), np.pi / 2 + self.u(-0.1, 0.1)) @ _about((0, 0, 1), self.u(0, TAU))).astype(np.float32)


# Things of the house


def cup(rng, stand):
    """Mug, tea cup or beaker, with or without a handle, saucer or drink."""
    m = _Model(rng)
    h, top, foot = m.u(0.45, 1.0), m.u(0.28, 0.45), m.u(0.18, 0.4)
    skin, belly = m.some(), m.u(-0.05, 0.15)
    wall = [(foot, 0), (foot + belly * 0.5, h * 0.1), ((foot + top) / 2 + belly, h * 0.5), (top, h)]
    m.lathe([(0, 0.01), (foot, 0.01)], skin)
    m.lathe(wall, skin, m.pick(0, 1, 2))
    m.ring((0, 0, h), top, 0.016, skin, n=20)
    if m.odds(0.6):
        drink = m.plain(m.pick((0.2, 0.1, 0.05), (0.55, 0.3, 0.1), WHITE), "gloss")
        m.cone((0, 0, 0.02), (0, 0, h * 0.8), foot * 0.9, min(foot, top) * 0.97, drink)
    if m.odds(0.85):
        mid = np.interp(h * 0.5, [z for _, z in wall], [r for r, _ in wall])
        reach, lug = h * m.u(0.25, 0.36), m.u(0.025, 0.05)
        grip = m.plain() if m.odds(0.25) else skin
        x = (m.u(0.6, 1.0), 0, 0)
        m.ring((mid - 0.02, 0, h * 0.52), reach, lug, grip, x, (0, 0, 1), -np.pi / 2, np.pi / 2, 10)
    tip = m.fallen(0.12)
    if tip is None and m.odds(0.3):
        m.lathe([(0, 0), (foot + 0.05, -0.03), (top * 1.7, 0.05)], m.some(), 1)
    return m.finish(stand, tip)


def bowl(rng, stand):
    """Bowl or dish, empty or full."""
    m = _Model(rng)
    h, foot, skin = m.u(0.22, 0.55), m.u(0.15, 0.3), m.some()
    m.lathe([(0, 0.05), (foot, 0.05), (foot, 0)], skin)
    m.lathe([(foot, 0.05), (m.u(0.3, 0.5), 0.07), (m.u(0.42, 0.5), h * 0.6), (0.5, h)], skin, m.pick(1, 2))
    m.ring((0, 0, h), 0.5, m.u(0.01, 0.025), m.plain() if m.odds(0.3) else skin, n=24)
    if m.odds(0.5):
        fruit, r = [m.plain(), m.plain(), m.print()], m.u(0.08, 0.16)
        for _ in range(rng.integers(3, 9)):
            a, d = m.u(0, TAU), m.u(0, 0.25)
            m.ball((d * np.cos(a), d * np.sin(a), h * m.u(0.7, 1.0)), r * rng.uniform(0.8, 1.1, 3), m.pick(*fruit))
    return m.finish(stand, _about((1, 0, 0), m.u(1.6, 3.1)) if m.odds(0.1) else None)


def bottle(rng, stand):
    """Bottle of painted or clear glass with a cap and a label."""
    m = _Model(rng)
    r, neck, h = m.u(0.12, 0.24), m.u(0.035, 0.07), m.u(0.35, 0.65)
    glass, clear = m.tone(), m.odds(0.35)
    skin = m.pick(m.print, m.plain, m.some)()
    if clear:
        skin = Material(glass, 0.06, 0.1, opacity=lambda u: np.full(u.shape[1], 0.4, np.float32))
        m.cone((0, 0, 0.01), (0, 0, h * m.u(0.3, 0.95)), r * 0.95, r * 0.95, m.plain(None, "gloss"))
    m.cone((0, 0, 0), (0, 0, 0.015), r * 0.97, r, m.plain(), True)
    shoulder = m.u(0.03, 0.25)
    outline = [(r, 0), (r * m.u(0.85, 1.1), h * 0.5), (r, h), (neck * 1.1, h + shoulder), (neck, 0.95)]
    m.lathe(outline, skin, m.pick(1, 2), see_through=clear)
    m.cone((0, 0, 0.93), (0, 0, m.u(0.98, 1.05)), neck * 1.25, neck * 1.2, m.plain())
    if m.odds(0.6):
        m.cone((0, 0, h * 0.2), (0, 0, h * m.u(0.5, 0.85)), r * 1.04, r * 1.04, m.print(None, True), False)
    return m.finish(stand, m.fallen(0.3))


def vase(rng, stand):
    """Vase, sometimes with stems and blossoms."""
    m = _Model(rng)
    skin, h = m.some(), m.u(0.6, 1.0)
    radii = [m.u(0.12, 0.25), m.u(0.15, 0.4), m.u(0.15, 0.4), m.u(0.06, 0.15), m.u(0.1, 0.25)]
    m.lathe([(0, 0), (radii[0], 0)], skin)
    m.lathe(list(zip(radii, np.array([0, 0.25, 0.55, 0.85, 1]) * h, strict=True)), skin, 2)
    m.ring((0, 0, h), radii[4], 0.015, skin)
    if m.odds(0.4):
        stem = m.plain((0.3, 0.5, 0.2))
        for _ in range(rng.integers(1, 6)):
            a, d, top = m.u(0, TAU), m.u(0.05, 0.35), h + m.u(0.2, 0.5)
            end = (d * np.cos(a), d * np.sin(a), top)
            m.path([(0, 0, h * 0.5), (end[0] * 0.2, end[1] * 0.2, h), end], 0.012, stem)
            m.ball(end, rng.uniform(0.05, 0.12, 3), m.plain())
    return m.finish(stand, m.fallen(0.1))


def teapot(rng, stand):
    """Round pot with lid, spout and handle."""
    m = _Model(rng)
    skin, h, r = m.some(), m.u(0.4, 0.65), m.u(0.3, 0.4)
    trim = m.some() if m.odds(0.3) else skin
    m.lathe([(0, 0), (r * 0.6, 0), (r * m.u(1, 1.3), h * 0.3), (r * m.u(0.9, 1.2), h * 0.7), (r * 0.4, h)], skin, 2)
    m.lathe([(r * 0.55, h * 0.93), (r * 0.4, h * 1.06), (0, h * 1.12)], trim, 1)
    m.ball((0, 0, h * 1.16), r * m.u(0.12, 0.2), trim)
    reach = r + m.u(0.22, 0.35)
    spout = np.array(
        [(r * 0.7, 0, h * 0.35), (r + 0.1, 0, h * 0.45), (reach - 0.05, 0, h * 0.75), (reach, 0, h * 0.98)]
    )
    m.path(spout, [0.11, 0.08, 0.05, 0.04], skin)
    if m.odds(0.7):
        m.ring(
            (-r * 0.85, 0, h * 0.55), h * m.u(0.3, 0.4), m.u(0.025, 0.04), trim, y=(0, 0, 1), start=1.4, end=4.9, n=12
        )
    else:
        m.ring((0, 0, h * 0.85), r * 0.9, 0.025, trim, y=(0, 0, m.u(0.8, 1.2)), start=0, end=np.pi, n=14)
    return m.finish(stand)


def spoon(rng, stand):
    """Spoon or fork of steel, wood or plastic, lying flat."""
    m = _Model(rng)
    skin, w, tilt = m.pick(m.metal, m.metal, m.wood, m.plain)(), m.u(0.08, 0.15), m.u(-0.01, 0.06)
    grip = m.some() if m.odds(0.3) else skin
    m.rod((0.02, 0, 0.03), (0.35, 0, 0.05 + tilt), w * 0.16, w * 0.14, skin)
    m.rod((0.35, 0, 0.05 + tilt), (m.u(0.65, 0.9), 0, 0.04), w * 0.14, w * m.u(0.18, 0.4), grip)
    if m.odds(0.65):
        length = w * m.u(2.2, 3.2)

        def oval(u, v):
            return v**2 < 4 * u * (1 - u) * (0.6 + 0.8 * u)

        axes = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
        m.sheet((0.03, 0, 0.03), axes, length, w, oval, skin, m.u(-0.02, 0.03), m.u(0.03, 0.06))
    else:
        n = rng.integers(2, 5)
        for y in np.linspace(-w, w, n):
            m.path([(0.03, y * 0.3, 0.03), (-0.05, y, 0.01), (-m.u(0.2, 0.3), y, 0.05)], [0.02, 0.018, 0.01], skin)
    return m.finish(stand)


def candle(rng, stand):
    """Candle with a flame or a burnt wick, on a dish or a stick."""
    m = _Model(rng)
    wax, r, h = m.pick(m.print, m.plain)(), m.u(0.05, 0.2), m.u(0.4, 0.8)
    m.cone((0, 0, 0), (0, 0, h), r * m.u(1, 1.15), r, wax)
    m.lathe([(r, h), (r * 0.8, h + 0.015), (0, h - 0.02)], wax)
    m.path([(0, 0, h), (0, 0, h + 0.05), (m.u(-0.03, 0.03), 0, h + 0.08)], 0.009, m.plain(DARK, "matt"))
    if m.odds(0.6):
        fire, w = Material(np.float32([3.0, 1.6, 0.4]), 0, 1, translucency=0.9), m.u(0.03, 0.05)
        m.rod((0, 0, h + 0.08), (0, 0, h + m.u(0.16, 0.24)), w, 0.004, fire)
    dish = m.some()
    if m.odds(0.6):
        m.lathe([(0, -0.02), (r + 0.05, -0.02), (r + m.u(0.1, 0.2), 0.05)], dish)
        m.ring((r + 0.18, 0, 0.04), 0.08, 0.018, dish, y=(0, 0, 1), n=10)
    elif m.odds(0.5):
        m.lathe(
            [(0.25, -0.4), (0.2, -0.36), (0.04, -0.3), (0.07, -0.15), (0.03, -0.1), (r + 0.05, 0), (r, 0.1)], dish, 1
        )
    return m.finish(stand, m.fallen(0.1))


def key(rng, stand):
    """Door key lying flat: bow, shaft, bit."""
    m = _Model(rng)
    skin, r, t = m.pick(m.metal, m.metal, m.some)(), m.u(0.12, 0.2), m.u(0.018, 0.035)
    if m.odds(0.4):
        m.ring((-r, 0, t), r, t, skin, x=(m.u(0.7, 1.1), 0, 0), n=18)
    elif m.odds(0.5):
        for a in (0.0, TAU / 3, -TAU / 3):
            m.ring((-r - r * 0.7 * np.cos(a), r * 0.8 * np.sin(a), t), r * 0.5, t, skin, n=10)
    else:
        m.lathe([(r, 0), (r, 2 * t), (r * 0.35, 2 * t), (r * 0.35, 0)], skin, foot=(-r, 0, 0))
    m.rod((-0.02, 0, t), (0.72, 0, t), t * 1.2, t, skin)
    m.cone((0.03, 0, t), (0.07, 0, t), t * 1.9, t * 1.9, skin)
    for x in np.linspace(0.72, 0.72 - m.u(0.1, 0.4), rng.integers(2, 7)):
        deep = m.u(0.04, 0.14)
        m.box((x, deep / 2, t), (m.u(0.015, 0.03), deep / 2, t * 0.7), skin)
    return m.finish(stand)


def scissors(rng, stand):
    """Scissors lying flat, half open."""
    m = _Model(rng)
    blade, grip, a = m.metal(), m.some() if m.odds(0.8) else m.metal(), m.u(0.05, 0.45)
    long, loop, w = m.u(0.45, 0.65), m.u(0.1, 0.15), m.u(0.04, 0.06)
    for side in (1, -1):
        ahead = np.array([np.cos(a), side * np.sin(a), 0])
        across = np.array([-ahead[1], ahead[0], 0]) * side
        axes, z = np.stack([ahead, across, (0, 0, side)], 1).astype(np.float32), 0.03 + 0.012 * side
        m.sheet((*(-0.1 * ahead[:2]), z), axes, long, w, lambda u, v: (v < 1 - u) & (v > -0.8 + 0.5 * u), blade)
        m.box((*(0.1 * ahead[:2]), z), (0.17, w * 0.4, 0.011), blade, axes)
        c = -ahead * (0.3 + loop) - across * loop * 0.6
        m.path(
            [(0, 0, z), -ahead * 0.2 + (0, 0, z), -ahead * 0.3 - across * 0.03 + (0, 0, z)], [0.03, 0.03, 0.03], grip
        )
        m.ring(c + (0, 0, 0.03), loop, 0.028, grip, ahead * m.u(1.0, 1.5), across, n=12)
    m.cone((0, 0, 0.02), (0, 0, 0.065), 0.03, 0.025, m.metal())
    return m.finish(stand)


def hammer(rng, stand):
    """Hammer with a claw, a peen or two faces, lying on its side."""
    m = _Model(rng)
    head, r = m.metal(), m.u(0.06, 0.11)
    m.rod((0, 0, 0), (0.45, 0, 0), 0.035, 0.035, m.wood(0))
    m.rod((0.4, 0, 0), (0.85, 0, 0), m.u(0.035, 0.05), m.u(0.04, 0.055), m.plain() if m.odds(0.5) else m.wood(0))
    m.box((0, 0, 0), (r * 0.8, r * 1.1, r * 0.8), head)
    reach = m.u(0.16, 0.24)
    m.cone((0, r, 0), (0, reach, 0), r * 0.6, r * 0.7, head)
    m.cone((0, reach - 0.03, 0), (0, reach + 0.05, 0), r * 1.05, r * 1.1, head)
    kind = m.u()
    if kind < 0.5:
        for z in (-1, 1):
            points = [(0, -r * 0.8, z * 0.02), (0.01, -reach, z * 0.04), (0.08, -reach - 0.1, z * 0.06)]
            m.path(points, [r * 0.6, r * 0.4, 0.015], head)
    elif kind < 0.75:
        m.rod((0, -r, 0), (0, -reach, 0), r * 0.7, r * 0.25, head)
    else:
        m.cone((0, -r * 0.5, 0), (0, -reach - 0.05, 0), r * 0.7, r * 1.05, head)
    return m.finish(stand, _about((1, 0, 0), m.u(-0.1, 0.1)))


def screw(rng, stand):
    """Screw or bolt with a slotted, crossed or hexagonal head; lying or standing on its head."""
    m = _Model(rng)
    skin, r, pitch = m.metal(), m.u(0.07, 0.13), m.u(0.045, 0.08)
    wide, tall, tip = r * m.u(1.7, 2.4), m.u(0.06, 0.15), m.u(0.0, 0.3)
    bare, slot = m.u(0.0, 0.3), m.plain(DARK, "matt")
    if m.odds(0.3):
        for a in (0.0, TAU / 6, TAU / 3):
            m.box((0, 0, tall * 0.6), (wide, wide * 0.577, tall * 0.6), skin, _about((0, 0, 1), a))
    else:
        round_top = m.odds(0.5)
        m.lathe(
            [(0, 0), (wide * (0.55 if round_top else 1), 0), (wide, tall * 0.5), (wide if round_top else r, tall)], skin
        )
        m.cone((0, 0, tall - 0.004), (0, 0, tall), wide if round_top else r, r, skin)
        for a in (0, np.pi / 2)[: rng.integers(1, 3)]:
            m.box((0, 0, 0), (wide * m.u(0.6, 0.95), 0.022, 0.02), slot, _about((0, 0, 1), a))
    m.cone((0, 0, tall), (0, 0, tall + bare + 0.02), r, r, skin)
    thread = []
    for z in np.arange(tall + bare, 1.0, pitch):
        taper = np.clip((1.0 - z) / (tip + 0.01), 0, 1) if tip > 0.08 else 1
        thread += [(r * 0.75 * taper, z), (r * 1.05 * taper + 0.01, z + pitch / 2)]
    m.lathe([*thread, (0, 1.0)], skin)
    return m.finish(stand, m.fallen(0.7))


def hex_nut(rng, stand):
    """Hexagonal nut, flat or on edge, some with a collar."""
    m = _Model(rng)
    skin, h, hole = m.pick(m.metal, m.metal, m.metal, m.plain)(), m.u(0.12, 0.32), m.u(0.22, 0.32)
    for a in np.arange(6) * TAU / 6:
        axes = _about((0, 0, 1), a)
        m.box(axes @ (0.41, 0, 0), (0.09, 0.289, h), skin, axes)
    for z in (h, -h):
        m.lathe([(hole, z), (hole + 0.02, z * 1.06), (0.47, z * 1.06), (0.52, z)], skin)
    m.lathe([(hole - 0.02 * (i % 2), z) for i, z in enumerate(np.linspace(-h, h, 15))], skin)
    if m.odds(0.3):
        m.lathe([(hole, -h - 0.06), (m.u(0.6, 0.75), -h - 0.06), (0.55, -h + 0.05)], skin)
    return m.finish(stand, _about((1, 0, 0), np.pi / 2) if m.odds(0.25) else None)


def gear(rng, stand):
    """Toothed wheel with a bore and perhaps spokes, flat or upright."""
    m = _Model(rng)
    skin, n, h, hole = m.some() if m.odds(0.4) else m.metal(), rng.integers(8, 25), m.u(0.04, 0.16), m.u(0.06, 0.16)
    rim, tooth, tooth_half = m.u(0.62, 0.85), m.u(0.07, 0.13), m.u(0.65, 0.95) / n
    m.lathe([(0.5, -h), (0.5, h), (0.5 * rim, h), (0.5 * rim, -h), (0.5, -h)], skin)
    for a in np.arange(n) * TAU / n:
        axes = _about((0, 0, 1), a)
        m.box(axes @ (0.49 + tooth / 2, 0, 0), (tooth / 2 + 0.02, tooth_half, h), skin, axes)
    m.lathe([(hole, -h), (hole, h * 1.2), (hole + 0.06, h * 1.2), (hole + 0.06, -h)], skin)
    if m.odds(0.5):
        for a in np.arange(k := rng.integers(3, 7)) * TAU / k:
            axes = _about((0, 0, 1), a)
            middle = (hole + 0.5 * rim) / 2 + 0.02
            m.box(axes @ (middle, 0, 0), (0.27 * rim - hole / 2, 0.05, h * 0.7), skin, axes)
    else:
        plate = m.plain() if m.odds(0.3) else skin
        for z in (h, -h):
            m.lathe([(hole, z * 0.5), (0.5 * rim + 0.01, z * 0.5)], plate)
    return m.finish(stand, _about((1, 0, 0), np.pi / 2) if m.odds(0.25) else None)


def die(rng, stand):
    """One or more dice with pips."""
    m = _Model(rng)
    faces = {1: [(0, 0)], 2: [(-1, -1), (1, 1)], 4: [(-1, -1), (1, 1), (-1, 1), (1, -1)]}
    faces |= {3: faces[1] + faces[2], 5: faces[1] + faces[4], 6: faces[4] + [(-1, 0), (1, 0)]}
    size, gap, ink = m.u(0.1, 0.2), m.u(0.45, 0.55), vary(rng, m.pick(WHITE, DARK, (0.8, 0.1, 0.1)))

    def cube(base):
        def color(u, p, noise):
            c = base[:, None] * (1 + 0.08 * noise(p * 10))
            k = np.abs(u).argmax(0)
            for axis in range(3):
                for sign, value in ((1, axis + 1), (-1, 6 - axis)):
                    s, t = u[(axis + 1) % 3], u[(axis + 2) % 3]
                    near = np.min([(s - gap * x) ** 2 + (t - gap * y) ** 2 for x, y in faces[value]], 0)
                    c = np.where((k == axis) & (sign * u[axis] > 0) & (near < size**2), ink[:, None], c)
            return c

        return m.skin(color, m.pick("satin", "gloss"))

    for i in range(m.pick(1, 1, 1, 2, 3)):
        base = m.tone() if ink.mean() > 0.5 or m.odds(0.5) else vary(rng, WHITE)
        top = _about(m.pick((1, 0, 0), (0, 1, 0)), np.pi / 2 * rng.integers(4))
        spot = (i * 1.1, m.u(-0.4, 0.4) * (i > 0), 0.5 if i < 2 else 0.5)
        m.box(spot, (0.5, 0.5, 0.5), cube(base), _about((0, 0, 1), m.u(0, 6)) @ top)
    return m.finish(stand, None, m.u(0.7, 1.1))


def pawn(rng, stand):
    """Chess pawn or bishop-like piece: foot, collar, ball."""
    m = _Model(rng)
    skin = m.pick(m.wood, m.wood, m.plain, m.metal, m.print)()
    foot, waist, head, h = m.u(0.25, 0.36), m.u(0.07, 0.13), m.u(0.14, 0.2), m.u(0.55, 0.75)
    m.lathe([(0, 0), (foot, 0), (foot, 0.07), (foot * 0.85, 0.13), (foot * 0.9, 0.17), (foot * 0.6, 0.22)], skin)
    m.lathe([(foot * 0.6, 0.22), (waist * 1.2, h * 0.6), (waist, h)], skin, 2)
    m.lathe([(waist, h - 0.03), (head * m.u(0.9, 1.3), h), (waist, h + 0.04)], skin)
    m.ball((0, 0, h + head * 0.9), (head, head, head * m.u(0.9, 1.4)), skin)
    if m.odds(0.2):
        m.ball((0, 0, h + head * 2.1), (0.05, 0.05, 0.05), skin)
    return m.finish(stand, m.fallen(0.2))


def button(rng, stand):
    """Round sewing button with two or four holes."""
    m = _Model(rng)
    skin, h, rim, n = m.some(), m.u(0.04, 0.1), m.u(0.34, 0.44), m.pick(2, 4, 4)
    m.lathe(
        [(0, 0), (0.42, 0), (0.5, h), (0.47, h * 1.7), (rim, h * 1.7), (rim - 0.06, h), (0, h * m.u(0.9, 1.4))], skin
    )
    hole = m.plain(DARK, "matt")
    for a in np.arange(n) * TAU / n:
        x, y, r = 0.12 * np.cos(a), 0.12 * np.sin(a), m.u(0.04, 0.05)
        m.cone((x, y, h * 0.8), (x, y, h * 1.45), r, r, hole)
    if m.odds(0.3):
        m.path([(-0.12, 0, h * 1.5), (0, 0, h * 2), (0.12, 0, h * 1.5)], 0.03, m.plain(None, "matt"))
    return m.finish(stand, _about((1, 0, 0), m.u(-0.3, 0.3)))


def padlock(rng, stand):
    """Padlock with shackle and keyhole, upright or lying."""
    m = _Model(rng)
    body, bar, w, h = m.some() if m.odds(0.6) else m.metal(), m.metal(), m.u(0.25, 0.38), m.u(0.22, 0.35)
    d, r, t = m.u(0.08, 0.15), w * m.u(0.55, 0.75), m.u(0.035, 0.06)
    if m.odds(0.65):
        m.box((0, 0, h), (w, d, h), body)
    else:
        m.cone((0, -d, h), (0, d, h), h * 1.1, h * 1.1, body)
    leg, lift = 2 * h + m.u(0.05, 0.25), m.u(0.1, 0.2) if m.odds(0.3) else 0
    m.path([(-r, 0, h), (-r, 0, leg + lift)], t, bar)
    m.path([(r, 0, h + lift * 6 if lift else h), (r, 0, leg + lift)], t, bar)
    m.ring((0, 0, leg + lift), r, t, bar, y=(0, 0, 1), start=0, end=np.pi, n=10)
    dark = m.plain(DARK, "matt")
    for y in (d, -d):
        m.cone((0, y * 0.9, h), (0, y * 1.03, h), 0.05, 0.05, dark)
        m.box((0, y, h * 0.8), (0.02, 0.012, h * 0.25), dark)
    return m.finish(stand, _about((1, 0, 0), np.pi / 2) if m.odds(0.45) else None)


def light_bulb(rng, stand):
    """Pear-shaped or round bulb with a screw base."""
    m = _Model(rng)
    glass, base, r = m.plain(m.pick(WHITE, (0.95, 0.9, 0.6), (0.8, 0.85, 0.9)), "gloss"), m.metal(), m.u(0.22, 0.34)
    if m.odds(0.3):
        glass = m.plain(None, "gloss")
    neck, h = m.u(0.1, 0.14), m.u(0.25, 0.4)
    m.cone((0, 0, -0.02), (0, 0, 0.03), 0.04, 0.07, m.plain(DARK))
    m.lathe([(neck * (0.85 + 0.15 * (i % 2)), z) for i, z in enumerate(np.linspace(0.02, 0.24, 11))], base)
    m.lathe([(neck, 0.23), (neck * 1.05, 0.3), (r * 0.95, 0.27 + h)], glass, 2)
    m.ball((0, 0, 0.27 + h + r * 0.3), (r, r, r), glass)
    return m.finish(stand, m.fallen(0.75))


def lamp(rng, stand):
    """Table lamp with a shade, or a jointed desk lamp."""
    m = _Model(rng)
    foot, shade, r = m.some(), m.some(), m.u(0.2, 0.32)
    m.lathe([(0, 0.05), (r * 0.5, 0.05), (r, 0.02), (r, 0)], foot)
    glow = Material(np.float32([1.5, 1.3, 0.8]), 0.03, 0.3)
    if m.odds(0.65):
        h, low, top = m.u(0.4, 0.75), m.u(0.25, 0.42), m.u(0.1, 0.25)
        radii = m.u(0.02, 0.05), m.u(0.03, 0.16), m.u(0.02, 0.12), 0.02
        m.lathe(list(zip(radii, np.linspace(0.03, h + 0.05, 4), strict=True)), foot, 2)
        m.lathe([(low, h), (top, h + m.u(0.2, 0.4))], shade)
        m.ball((0, 0, h + 0.08), (0.07, 0.07, 0.1), glow)
    else:
        knee, head = np.array([-m.u(0.1, 0.35), 0, m.u(0.35, 0.5)]), np.array([m.u(0.15, 0.35), 0, m.u(0.6, 0.9)])
        m.path([(0, 0, 0.03), knee, head], 0.022, foot)
        m.ball(knee, (0.045, 0.045, 0.045), m.metal())
        way = np.array([m.u(0.3, 1.0), 0, -1.0])
        m.lathe([(0.04, -0.05), (0.08, 0.02), (m.u(0.15, 0.22), m.u(0.18, 0.28))], shade, 1, head, way)
        m.ball(head + normalize(way) * 0.12, (0.06, 0.06, 0.06), glow)
    return m.finish(stand)


def chair(rng, stand):
    """Chair with slats, bars or a solid back."""
    m = _Model(rng)
    frame, seat = m.pick(m.wood, m.plain, m.metal)(), m.some()
    w, d, h, back = m.u(0.22, 0.3), m.u(0.2, 0.28), m.u(0.35, 0.5), m.u(0.35, 0.65)
    t, lean, splay = m.u(0.018, 0.035), m.u(0.0, 0.15), m.u(0.0, 0.08)
    seat = frame if m.odds(0.4) else seat
    m.box((0, 0, h), (d, w, m.u(0.02, 0.06)), seat)
    top = h + back
    for y in (-w + t, w - t):
        m.rod((d - t, y, h), (d - t + splay, y * (1 + splay), 0), t, t * 0.8, frame)
        m.rod((-d + t, y, h), (-d + t - splay, y * (1 + splay), 0), t, t * 0.8, frame)
        m.rod((-d + t, y, h), (-d + t - lean, y, top), t, t * 0.9, frame)
        if m.odds(0.5):
            m.rod((d - t, y, h * 0.4), (-d + t, y, h * 0.4), t * 0.6, t * 0.6, frame)
    kind = m.u()
    if kind < 0.4:
        for s in np.linspace(0.35, 0.95, rng.integers(2, 5)):
            m.box((-d + t - lean * s, 0, h + back * s), (t * 0.5, w - t, m.u(0.03, 0.05)), frame)
    elif kind < 0.7:
        m.box((-d + t - lean, 0, top), (t, w, 0.03), frame)
        for y in np.linspace(-w + t, w - t, rng.integers(4, 8))[1:-1]:
            m.rod((-d + t, y, h), (-d + t - lean, y, top), t * 0.5, t * 0.5, frame)
    else:
        axes = rotation((-lean, 0, back), (1, 0, 0))
        m.box((-d + t - lean * 0.6, 0, h + back * 0.6), (back * 0.38, w - t, 0.03), seat, axes)
    if m.odds(0.25):
        for y in (-w, w):
            m.path([(-d, y, h + 0.2), (d * 0.8, y, h + 0.2), (d * 0.8, y, h)], t, frame)
    return m.finish(stand, _about((0, 1, 0), -np.pi / 2) if m.odds(0.07) else None)


def table(rng, stand):
    """Table or stool: a round or square top on legs or a central column."""
    m = _Model(rng)
    top, frame, h, r = m.some(), m.pick(m.wood, m.metal, m.plain)(), m.u(0.3, 0.75), m.u(0.3, 0.5)
    t, wide, splay = m.u(0.02, 0.045), m.u(0.5, 1.0), m.u(0.7, 1.25)
    frame = top if m.odds(0.4) else frame
    if m.odds(0.5):
        m.cone((0, 0, h), (0, 0, h + m.u(0.03, 0.08)), r * 0.97, r, top)
        wide = 1.0
    else:
        m.box((0, 0, h + 0.025), (r, r * wide, m.u(0.018, 0.04)), top)
    if m.odds(0.2):
        m.lathe([(r * 0.7, 0), (r * 0.6, 0.03), (t, 0.08), (t * 1.5, h * 0.5), (t, h)], frame, 1)
    else:
        n = m.pick(3, 4, 4, 4)
        for a in np.arange(n) * TAU / n + TAU / 8:
            x, y = r * np.cos(a) * m.u(0.99, 1), r * wide * np.sin(a)
            m.rod((x, y, h), (x * splay, y * splay, t), t, t * 0.8, frame)
            if n == 4 and splay < 1:
                m.rod((x, y, h * 0.5), (-y / wide, x * wide, h * 0.5), t * 0.6, t * 0.6, frame)
    return m.finish(stand, _about((1, 0, 0), np.pi) if m.odds(0.05) else None)


def book(rng, stand):
    """Book lying, standing or open; sometimes a pile."""
    m = _Model(rng)
    w, h, z = m.u(0.28, 0.4), 0.5, 0.0
    edge, ink, rows = vary(rng, (0.9, 0.87, 0.78)), vary(rng, (0.3, 0.3, 0.32)), m.u(8, 16)
    table = rng.random((64, 64))

    def leaves(u, p, noise):
        return edge[:, None] * (1 + 0.25 * np.sin(u[2] * 40) * (np.abs(u[2]) < 0.98))

    def text(u, p, noise):
        line, word = (u[0] * rows).astype(int) % 64, ((u[1] + 1) * 16).astype(int) % 64
        black = (
            ((u[0] * rows * 2) % 2 < 1)
            & (table[line, word] < 0.8)
            & (np.abs(u[1]) < 0.85)
            & (np.abs(u[0] - 0.5) < 0.42)
        )
        return np.where(black, ink[:, None], edge[:, None])

    paper = m.skin(leaves, "matt")
    if m.odds(0.3):
        page, cover = m.skin(text, "matt"), m.plain()
        for side in (1, -1):
            axes = np.array([[0, 1, 0], [side, 0, 0], [0, 0, 1]], np.float32)
            m.sheet(
                (side * w, -side * h, 0.12), axes, 2 * h, w, lambda u, v: np.abs(v) < 0.97, page, 0, -m.u(0.03, 0.08)
            )
            m.box((side * w, 0, 0.03), (w * 0.95, h * 0.98, 0.04), paper)
            m.box((side * w, 0, -0.01), (w * 1.04, h * 1.03, 0.012), cover)
        return m.finish(stand)
    for _ in range(m.pick(1, 1, 1, 1, 2, 3, 4)):
        t, cover, axes = m.u(0.03, 0.13), m.pick(m.print, m.plain)(), _about((0, 0, 1), m.u(-0.3, 0.3))
        for dz in (0, 2 * t):
            m.box((0, 0, z + dz + 0.012), (w, h, 0.012), cover, axes)
        m.box((0, 0, z + t + 0.012), (w * 0.96, h * 0.97, t), paper, axes)
        m.box(axes @ (-w, 0, 0) + (0, 0, z + t + 0.012), (0.012, h, t + 0.012), cover, axes)
        z += 2 * t + 0.026
    return m.finish(stand, _about((1, 0, 0), np.pi / 2) if z < 0.3 and m.odds(0.3) else None)


def pencil(rng, stand):
    """Pencil, crayon or paintbrush, mostly lying."""
    m = _Model(rng)
    coat, bare, r, k = (
        m.pick(m.print, m.plain, m.wood)(),
        m.plain((0.8, 0.65, 0.45), "matt"),
        m.u(0.025, 0.05),
        m.u(0.1, 0.2),
    )
    lead = m.plain(m.pick(DARK, DARK, (0.8, 0.2, 0.1), (0.1, 0.3, 0.7)))
    if m.odds(0.35):  # a brush
        m.lathe([(0.01, -0.5), (r, -0.2), (r * 0.7, 0.3)], coat, 1)
        m.cone((0, 0, 0.28), (0, 0, 0.42), r * 0.8, r * 1.1, m.metal())
        m.lathe([(r, 0.42), (r * m.u(1.1, 1.9), 0.52), (r * 0.1, m.u(0.6, 0.75))], m.plain(None, "matt"), 2)
    else:
        if m.odds(0.7):
            for a in (0.0, TAU / 6, TAU / 3):
                m.box((0, 0, 0), (r, r * 0.577, 0.5), coat, _about((0, 0, 1), a))
        else:
            m.cone((0, 0, -0.5), (0, 0, 0.5), r, r, coat)
        m.cone((0, 0, 0.5), (0, 0, 0.5 + k), r * 1.08, r * 0.3, bare)
        m.cone((0, 0, 0.5 + k), (0, 0, 0.5 + k * 1.35), r * 0.3, 0.001, lead)
        if m.odds(0.5):
            m.cone((0, 0, -0.58), (0, 0, -0.49), r * 1.08, r * 1.08, m.metal())
            m.rod((0, 0, -0.6), (0, 0, -0.64), r, r * 0.9, m.plain((0.8, 0.45, 0.45), "matt"))
    return m.finish(stand, m.fallen(0.95))


def umbrella(rng, stand):
    """Open umbrella, upright or tipped over on its rim."""
    m = _Model(rng)
    cloth, bar, h, r = (
        m.pick(m.print, m.print, m.plain)(),
        m.pick(m.metal, m.wood, m.plain)(),
        m.u(0.2, 0.35),
        m.u(0.5, 0.65),
    )
    cloth.translucency, n = m.u(0, 0.4), rng.integers(6, 11)
    shape = [(0, 0), (r * 0.5, -h * 0.12), (r * 0.85, -h * 0.5), (r, -h)]
    m.lathe(shape, cloth, 1)
    long = m.u(0.75, 0.95)
    m.path([(0, 0, m.u(0.05, 0.12)), (0, 0, -long)], 0.014, bar)
    if m.odds(0.7):
        m.ring((0.07, 0, -long), 0.07, 0.025, m.some(), y=(0, 0, 1), start=np.pi, end=TAU, n=8)
    else:
        m.rod((0, 0, -long), (0, 0, -long - 0.12), 0.03, 0.03, m.some())
    for a in np.arange(n) * TAU / n:
        m.path([(c * np.cos(a), c * np.sin(a), z + 0.006) for c, z in shape], 0.009, bar)
    tip = _about((0, 1, 0), m.pick(0.0, m.u(0.9, 1.2), m.u(1.6, 2.2))) @ _about((0, 0, 1), m.u(0, 6))
    return m.finish(stand, tip)


def ball(rng, stand):
    """Football, beach ball, tennis ball, basketball or a printed one."""
    m = _Model(rng)
    g = (1 + 5**0.5) / 2
    corners = normalize(np.array([(0, a, b * g) for a in (1, -1) for b in (1, -1)]).T)
    corners = np.concatenate([corners, np.roll(corners, 1, 0), np.roll(corners, 2, 0)], 1)
    kind, one, two, wide = (
        m.pick("foot", "foot", "beach", "seam", "basket", "print"),
        m.tone(),
        m.tone(),
        m.u(0.9, 0.94),
    )
    if kind == "foot" and m.odds(0.6):
        one, two = vary(rng, WHITE), vary(rng, DARK)
    n, three = rng.integers(3, 6), m.tone()

    def color(u, p, noise):
        if kind == "foot":
            order = np.sort(corners.T @ u, 0)
            seam = (order[-1] - order[-2] < 0.02) & (order[-1] <= wide)
            t = (order[-1] > wide) | seam
        elif kind == "beach":
            i = np.floor((np.arctan2(u[1], u[0]) / TAU) * n * 2).astype(int) % 3
            c = np.where(i == 0, one[:, None], np.where(i == 1, two[:, None], three[:, None]))
            return np.where(np.abs(u[2]) > 0.95, one[:, None], c)
        elif kind == "seam":
            t = np.abs(u[2] - 0.7 * np.sin(2 * np.arctan2(u[1], u[0])) * (1 - u[2] ** 2)) < 0.06
        else:
            t = (np.abs(u[0]) < 0.025) | (np.abs(u[1]) < 0.025) | (np.abs(np.abs(u[2]) - 0.2 - 0.5 * u[0] ** 2) < 0.03)
        return np.where(t, two[:, None], one[:, None]) * (1 + 0.1 * noise(u * 6, 2))

    axes = _about(rng.normal(0, 1, 3), m.u(0, np.pi))
    long = m.u(1.3, 1.6) if m.odds(0.12) else 1.0
    m.ball((0, 0, 0), (0.5 * long, 0.5, 0.5), m.print() if kind == "print" else m.skin(color), axes)
    return m.finish(stand, None, m.u(0.7, 1.1))


def hat(rng, stand):
    """Brimmed hat, top hat, bowler or cap."""
    m = _Model(rng)
    felt, r, h, rim = m.pick(m.print, m.plain, m.plain)(), m.u(0.2, 0.3), m.u(0.15, 0.45), m.u(0.32, 0.55)
    top = r * m.u(0.7, 1.15)
    if m.odds(0.5):
        m.lathe([(r, 0), (top, h), (0, h + m.u(-0.05, 0.03))], felt)
    else:
        m.lathe([(r, 0), (top, h * 0.9), (top * 0.7, h * 1.1), (0, h * m.u(0.9, 1.1))], felt, 2)
    m.lathe([(r * 1.03, 0.01), (r * 1.03 + (top - r) * 0.2, h * 0.25)], m.plain())
    if m.odds(0.8):
        m.lathe([(r, 0.03), ((r + rim) / 2, m.u(0.02, 0.05)), (rim, m.u(0.0, 0.1))], felt, 1)
    else:
        axes = np.eye(3, dtype=np.float32)
        m.sheet((r * 0.5, 0, 0.02), axes, r * 1.3, r, lambda u, v: u**2 + v**2 < 1, felt, -0.06, -0.05)
    return m.finish(stand, _about((1, 0, 0), m.u(2.4, 3.6)) if m.odds(0.12) else None, flat=True)


def bucket(rng, stand):
    """Bucket with a bail handle, empty or filled."""
    m = _Model(rng)
    low, top, h, skin = m.u(0.22, 0.38), m.u(0.34, 0.48), m.u(0.4, 0.75), m.some()
    m.lathe([(0, 0.01), (low, 0.01), (top, h)], skin)
    m.ring((0, 0, h), top, 0.02, skin, n=20)
    for z in (0.15, 0.8):
        if m.odds(0.5):
            r = low + (top - low) * z
            m.lathe([(r + 0.012, h * z), (r + 0.014, h * (z + 0.06))], m.plain())
    a, bail = m.u(-0.2, 1.45), m.pick(m.metal, m.plain)()
    m.ring(
        (0, 0, h),
        top * 1.02,
        0.014,
        bail,
        y=(np.sin(a) * 1.05, 0, np.cos(a) * 1.05) @ _about((0, 0, 1), np.pi / 2),
        start=0,
        end=np.pi,
        n=14,
    )
    if m.odds(0.35):
        m.cone((0, 0, 0.02), (0, 0, h * 0.85), low * 0.9, (low + (top - low) * 0.85) * 0.97, m.plain())
    return m.finish(stand, m.fallen(0.15))


def basket(rng, stand):
    """Woven basket with a tall arched handle."""
    m = _Model(rng)
    one, two = vary(rng, m.pick(*WOODS)), vary(rng, m.pick(*WOODS)) if m.odds(0.6) else m.tone()
    around, rows = rng.integers(9, 18), m.u(14, 26)

    def woven(u, p, noise):
        q = m.local(p)
        s, t = np.arctan2(q[1], q[0]) / TAU * 2 * around, q[2] * rows
        over = (np.floor(s) + np.floor(t)) % 2
        bulge = np.where(over > 0, np.sin(np.pi * (s % 1)), np.sin(np.pi * (t % 1)))
        return (one[:, None] * over + two[:, None] * (1 - over)) * (0.35 + 0.75 * bulge)

    skin, low, top, h = m.skin(woven, "matt"), m.u(0.3, 0.45), m.u(0.38, 0.5), m.u(0.25, 0.5)
    m.lathe([(0, 0.01), (low, 0.01), ((low + top) / 2 + m.u(0, 0.08), h * 0.5), (top, h)], skin, m.pick(0, 1))
    m.ring((0, 0, h), top, 0.03, skin, n=20)
    if m.odds(0.8):
        m.ring((0, 0, h), top, m.u(0.02, 0.035), skin, y=(0, 0, m.u(0.7, 1.3)), start=0, end=np.pi, n=14)
    fill, r = [m.plain(), m.plain()], m.u(0.07, 0.14)
    for _ in range(m.pick(0, 6, 10)):
        a, d = m.u(0, TAU), top * 0.75 * m.u() ** 0.5
        m.ball((d * np.cos(a), d * np.sin(a), h * m.u(0.7, 1)), r * rng.uniform(0.8, 1.2, 3), m.pick(*fill))
    return m.finish(stand)


def barrel(rng, stand):
    """Bulging barrel of staves with hoops."""
    m = _Model(rng)
    base, n, h, r = (
        vary(rng, m.pick(*WOODS)) if m.odds(0.75) else m.tone(),
        rng.integers(8, 17),
        m.u(0.4, 0.5),
        m.u(0.24, 0.34),
    )
    shades, fat = rng.uniform(0.7, 1.2, 2 * n), m.u(1.05, 1.35)

    def staves(u, p, noise):
        q = m.local(p)
        s = (np.arctan2(q[1], q[0]) / TAU + 0.5) * n
        flat = np.abs(q[2]) > h - 0.03
        s = np.where(flat & (np.hypot(q[0], q[1]) < r * 0.97), q[0] * 18 + n, s)
        shade = shades[s.astype(int) % n] * (np.abs(s % 1 - 0.5) < 0.45) + 0.1
        return base[:, None] * shade * (1 + 0.2 * noise(q * np.float32([[20], [20], [3]])))

    skin, hoop = m.skin(staves, m.pick("matt", "satin")), m.pick(m.metal, m.plain)()
    wall = _smooth([(r, -h), (r * fat, -h * 0.4), (r * fat, h * 0.4), (r, h)], 2)
    m.lathe(wall, skin)
    for z in (-h + 0.03, h - 0.03):
        m.lathe([(0, z), (r, z + 0.003)], skin)
    for z in (-0.88, -0.4, 0.4, 0.88):
        a, b = np.interp([h * (z - 0.06), h * (z + 0.06)], wall[:, 1], wall[:, 0]) + 0.012
        m.lathe([(a, h * (z - 0.06)), (b, h * (z + 0.06))], hoop)
    return m.finish(stand, m.fallen(0.35))


def clock(rng, stand):
    """Round clock: an alarm clock on feet, perhaps with bells, or a wall clock."""
    m = _Model(rng)
    case, d, n = m.some(), m.u(0.05, 0.2), m.pick(12, 12, 60, 4)
    face, ink = vary(rng, WHITE) if m.odds(0.7) else m.tone(), vary(rng, DARK)
    if face.mean() < 0.15:
        ink = vary(rng, WHITE)

    def dial(u, p, noise):
        a = u[1] * n / 2
        mark = (np.abs(u[2] - 0.85) < 0.07) & (np.abs((a + 0.5) % 1 - 0.5) < 0.004 * n / u[2].clip(0.1))
        return np.where(mark, ink[:, None], face[:, None])

    m.cone((0, d, 0), (0, -d, 0), 0.5, m.u(0.46, 0.5), case)
    paper, hand = m.skin(dial), m.plain(ink ** (1 / 2.2) if m.odds(0.7) else (0.8, 0.1, 0.1), "satin")
    rim, turns = m.u(0.02, 0.05), [m.u(0, TAU), m.u(0, TAU)]
    for y in m.pick((-1,), (-1, 1)):  # some have a dial on both sides
        m.cone((0, y * d, 0), (0, y * (d + 0.012), 0), 0.45, 0.45, paper)
        m.ring((0, y * d, 0), 0.46, rim, case, y=(0, 0, 1), n=22)
        for long, wide, a in ((0.26, 0.025, turns[0]), (0.38, 0.018, turns[1])):
            end = (-y * long * np.sin(a), y * (d + 0.025), long * np.cos(a))
            m.rod((0, y * (d + 0.025), 0), end, wide, wide * 0.7, hand)
        m.cone((0, y * d, 0), (0, y * (d + 0.05), 0), 0.035, 0.03, hand)
    for x in (-1, 1):
        m.rod((x * 0.25, 0, -0.4), (x * 0.36, 0, -0.56), 0.035, 0.03, case)
    if m.odds(0.55):
        bell = m.some()
        for x in (-1, 1):
            m.lathe([(0.15, 0), (0.12, 0.08), (0, 0.12)], bell, 1, (x * 0.26, 0, 0.48), (x * 0.5, 0, 1))
        m.ring((0, 0, 0.5), 0.1, 0.015, m.metal(), y=(0, 0, 1), start=0, end=np.pi, n=8)
    return m.finish(stand, _about((1, 0, 0), -m.pick(0.0, m.u(0.1, 0.6), np.pi / 2)))


def guitar(rng, stand):
    """Acoustic or electric guitar or ukulele, lying or standing."""
    m = _Model(rng)
    wood, dark, t, r = m.pick(m.wood, m.wood, m.plain, m.print)(), m.plain(DARK), m.u(0.03, 0.07), m.u(0.17, 0.22)
    upper, side, neck = r * m.u(0.7, 0.85), m.some() if m.odds(0.3) else None, m.u(0.4, 0.6)
    for x, q in ((0, r), (r * 1.25, upper), (r * 0.65, (r + upper) * 0.38)):
        m.cone((x, 0, 0), (x, 0, 2 * t), q, q, wood)
        if side:
            m.cone((x, 0, 0.01), (x, 0, 2 * t - 0.01), q * 1.02, q * 1.02, side)
    if m.odds(0.65):
        m.cone((r * 0.85, 0, 2 * t), (r * 0.85, 0, 2 * t + 0.004), r * 0.38, r * 0.38, dark)
        m.ring((r * 0.85, 0, 2 * t), r * 0.4, 0.01, m.plain(), n=14)
    else:
        for x in (0.1, 0.5):
            m.box((r * x, 0, 2 * t + 0.005), (0.02, r * 0.4, 0.012), dark)
        for y in (1, -1):
            m.rod((r * 1.2, y * upper * 0.8, t), (r * 1.9, y * upper * m.u(0.4, 1.0), t), t, t * 0.5, wood)
    m.box((-r * 0.4, 0, 2 * t + 0.01), (0.02, r * 0.42, 0.012), dark)
    start, end = r * 1.2, r * 2 + neck
    m.box(((start + end) / 2, 0, 2 * t), ((end - start) / 2, 0.033, 0.016), m.wood(0))
    m.box((end + 0.07, 0, 2 * t - 0.01), (0.08, 0.05, 0.013), wood)
    wire = m.plain((0.8, 0.78, 0.7), "metal")
    for y in np.linspace(-0.024, 0.024, 4):
        m.rod((-r * 0.4, y * 1.4, 2 * t + 0.025), (end, y, 2 * t + 0.022), 0.0025, 0.0025, wire)
        m.rod((end + 0.07 + y * 2, -0.075, 2 * t), (end + 0.07 + y * 2, 0.075, 2 * t), 0.01, 0.01, wire)
    return m.finish(stand, _about((0, 1, 0), -m.u(1.2, 1.55)) if m.odds(0.2) else None)


def drum(rng, stand):
    """Drum with hoops, lugs or cords, perhaps with sticks."""
    m = _Model(rng)
    shell, hoop, skin = m.some(), m.some(), m.plain(m.pick(WHITE, (0.85, 0.78, 0.62)), "satin")
    r, h, n = m.u(0.3, 0.5), m.u(0.2, 0.7), rng.integers(5, 10)
    waist = m.pick(1, 1, 1, m.u(0.6, 1.2))
    m.lathe([(r, 0), (r * waist, h * 0.5), (r, h)], shell, 1)
    for z in (0, h):
        m.lathe([(r * 1.04, z - 0.03), (r * 1.04, z + 0.03)], hoop)
        m.ring((0, 0, z + 0.02), r * 1.03, 0.018, hoop, n=20)
        m.lathe([(0, z), (r, z + 0.005)], skin)
    for i in range(n):
        a, b, c = (
            np.array([np.cos(k), np.sin(k)]) * r * 1.04 for k in (TAU * i / n, TAU * (i + 0.5) / n, TAU * (i + 1) / n)
        )
        if waist == 1:
            m.path([(*a, 0.02), (*b, h - 0.02), (*c, 0.02)], 0.012, hoop)
    if m.odds(0.5):
        for y in (-0.1, 0.1):
            a = m.u(-0.5, 0.5)
            end = np.array([0.45 * np.cos(a), y + 0.4 * np.sin(a), h + 0.06])
            m.rod((-0.35, y, h + 0.04), end, 0.018, 0.014, stick := m.wood(0))
            m.ball(end, (0.04, 0.035, 0.035), stick)
    return m.finish(stand, m.fallen(0.2))


def shoe(rng, stand):
    """Shoe or boot with a sole, laces and an opening; sometimes a pair."""
    m = _Model(rng)
    upper, sole, lace, t = m.pick(m.print, m.plain, m.plain)(), m.plain(), m.plain(None, "matt"), m.u(0.03, 0.06)
    toe, high, w, n = m.u(0.09, 0.14), m.u(0.2, 0.55), m.u(0.13, 0.17), rng.integers(2, 6)
    heel, inside = m.u(0, 0.12) if m.odds(0.3) else 0, m.plain(DARK, "matt")
    for y in m.pick((0,), (0,), (-0.22, 0.22)):
        m.ball((0.25, y, t), (0.25, w, t), sole)
        m.ball((-0.2, y, t + heel * 0.8), (0.25, w * 0.85, t), sole)
        m.box((0.02, y, t + heel * 0.4), (0.26, w * 0.75, t * 0.8), sole, rotation((0.5, 0, -heel * 0.8)))
        m.box((-0.28, y, (t + heel) / 2), (0.1, w * 0.65, (t + heel) / 2), sole)
        m.ball((0.24, y, t * 1.3), (0.23, w * 0.93, toe + 0.03), upper)
        m.rod((0.2, y, t + toe * 0.5), (-0.12, y, t + 0.13 + heel * 0.6), toe * 0.8, w * 0.75, upper)
        m.ball((-0.22, y, t + 0.05 + heel), (0.2, w * 0.83, 0.16), upper)
        m.cone((-0.19, y, 0.12 + heel), (-0.2, y, high + heel), w * 0.85, w * m.u(0.75, 0.95), upper, False)
        m.cone((-0.19, y, 0.12 + heel), (-0.2, y, high + heel - 0.03), w * 0.8, w * 0.7, inside)
        for s in np.linspace(0.1, 0.85, n):
            x, z = 0.2 - 0.3 * s, t + toe * 1.25 + (0.13 + w * 0.4 + heel * 0.6 - toe * 0.4) * s
            m.path([(x, y - w * 0.45, z - 0.02), (x, y, z + 0.025), (x, y + w * 0.45, z - 0.02)], 0.012, lace)
    return m.finish(stand, _about((1, 0, 0), np.pi / 2) if m.odds(0.12) else None)


# Vehicles


def car(rng, stand):
    """Saloon, hatchback, van, sports car or pick-up."""
    m = _Model(rng)
    body, trim = m.tone(), m.tone() if m.odds(0.4) else None
    belt, roof, w, r = m.u(0.2, 0.28), m.u(0.34, 0.5), m.u(0.18, 0.23), m.u(0.075, 0.11)
    back = m.pick((-0.49, -0.44), (-0.44, -0.3), (-0.35, -0.2), (-0.05, -0.02))
    front = m.pick((0.05, 0.22), (0.12, 0.28), (0.2, 0.42), (0.35, 0.47))
    glass, door = vary(rng, (0.1, 0.13, 0.16)), m.u(-0.1, 0.05)
    xs = [-0.5, back[0], back[1], front[0], front[1], 0.5]
    tops = [belt - 0.02, belt, roof, roof, belt, belt - m.u(0.01, 0.07)]

    def paint(u, p, noise):
        q = m.local(p)
        ceiling = np.interp(q[0], xs, tops)
        pane = (q[2] > belt + 0.015) & (q[2] < roof - 0.03)
        flank = np.abs(q[1]) > w - 0.008
        pane &= np.where(flank, (q[2] < ceiling - 0.03) & (np.abs(q[0] - door) > 0.012), np.abs(q[1]) < w * 0.88)
        seam = flank & (np.abs(q[0] - door) < 0.006) & (q[2] > 0.1)
        c = body[:, None] * (1 - 0.5 * seam) * (1 + 0.05 * noise(q * 9))
        if trim is not None:
            c = np.where(q[2] < belt * 0.65, trim[:, None], c)
        return np.where(pane, glass[:, None], c)

    m.extrude(xs, tops, [0.07] * 6, w, m.skin(paint, m.pick("gloss", "gloss", "satin")))
    tyre = m.tyre()
    for x in (-0.3, m.u(0.27, 0.33)):
        for y in (-w, w):
            m.wheel(x, y * 0.97, r, 0.06, tyre)
    for y in (-0.7, 0.7):
        m.ball((0.505, y * w, belt * 0.68), (0.02, 0.035, 0.03), Material(vary(rng, (0.95, 0.93, 0.8)), 0.1, 0.1))
        m.ball((-0.505, y * w, belt * 0.75), (0.015, 0.03, 0.025), m.plain((0.75, 0.08, 0.06), "gloss"))
    m.box((0.5, 0, 0.1), (0.025, w, 0.022), m.some())
    m.box((-0.5, 0, 0.1), (0.025, w, 0.022), m.some())
    return m.finish(stand)


def bus(rng, stand):
    """Bus with one or two decks, or a lorry with a cab and a load."""
    m = _Model(rng)
    w, r, tyre = m.u(0.12, 0.16), m.u(0.055, 0.08), m.tyre()
    n, axles = rng.integers(4, 9), [-0.32, 0.33]
    if m.odds(0.55):
        decks = m.pick(1, 1, 2)
        h = 0.15 * decks + m.u(0.0, 0.04)
        m.box((0, 0, 0.06 + h), (0.5, w, h), m.panes(None, n, decks, m.u(-0.3, 0), 0.85))
        m.box((0, 0, 0.06 + 2 * h), (0.48, w * 0.95, 0.012), m.plain())
        m.box((0.5, 0, 0.06 + h * 1.2), (0.006, w * 0.9, h * 0.4 / decks), m.plain((0.12, 0.15, 0.18), "gloss"))
    else:
        h, cab, long = m.u(0.12, 0.2), m.u(0.12, 0.19), m.u(0.3, 0.36)
        m.box((0.36, 0, 0.07 + cab), (0.12, w, cab), m.panes(None, 1, 1, 0.1, 0.8))
        m.box((-0.08, 0, 0.08), (0.42, w * 0.7, 0.025), m.plain(DARK))
        load = m.u()
        if load < 0.5:
            m.box((0.2 - long, 0, 0.12 + h), (long, w * 1.05, h), m.some())
        elif load < 0.75:
            m.cone((0.2, 0, 0.11 + h), (0.2 - 2 * long, 0, 0.11 + h), h, h, m.some())
        else:
            m.box((0.2 - long, 0, 0.13), (long, w, 0.02), load := m.some())
            for y in (-w, w):
                m.box((0.2 - long, y, 0.19), (long, 0.01, 0.07), load)
            for _ in range(8):
                m.ball((0.2 - long * m.u(0.2, 1.8), m.u(-0.6, 0.6) * w, 0.19), rng.uniform(0.05, 0.1, 3), m.plain())
        axles += [-0.2]
    for x in axles:
        for y in (-w, w):
            m.wheel(x, y * 0.95, r, 0.05, tyre)
    for y in (-0.7, 0.7):
        m.ball((0.49, y * w, 0.12), (0.02, 0.02, 0.02), Material(vary(rng, (0.95, 0.93, 0.8)), 0.1, 0.1))
    return m.finish(stand)


def bicycle(rng, stand):
    """Bicycle, upright or fallen over."""
    m = _Model(rng)
    paint, tyre, rim, dark = (
        m.plain(None, "gloss"),
        m.plain(m.pick(DARK, DARK, WHITE), "matt"),
        m.metal(),
        m.plain(DARK),
    )
    r, t, n = m.u(0.2, 0.26), m.u(0.012, 0.022), rng.integers(4, 8)
    hubs = [(-0.3, r), (0.3, r * m.u(0.9, 1.05))]
    for x, q in hubs:
        m.ring((x, 0, q), q - t, t, tyre, y=(0, 0, 1), n=20)
        for a in np.arange(n) * np.pi / n:
            d = np.array([np.cos(a), 0, np.sin(a)]) * (q - t)
            m.rod((x, 0, q) + d, (x, 0, q) - d, 0.004, 0.004, rim)
        m.cone((x, -0.04, q), (x, 0.04, q), 0.025, 0.025, rim)
    crank, seat, head = np.array([-0.05, 0, r * 0.95]), np.array([-0.14, 0, 0.5]), np.array([0.2, 0, 0.52])
    bar = seat + (0, 0, m.u(-0.15, -0.03))
    for a, b in ((crank, seat), (crank, head), (bar, head)):
        m.rod(a, b, t, t, paint)
    for y in (-0.03, 0.03):
        m.rod((-0.3, y, r), crank, t * 0.6, t * 0.6, paint)
        m.rod((-0.3, y, r), bar, t * 0.6, t * 0.6, paint)
        m.rod((hubs[1][0], y, hubs[1][1]), head, t * 0.7, t * 0.7, paint)
        m.rod(crank + (0, y, 0), crank + (0.09 * np.sign(y), y * 2, -0.03), 0.01, 0.01, rim)
        m.box(crank + (0.09 * np.sign(y), y * 3, -0.03), (0.03, 0.03, 0.01), dark)
    m.cone(crank - (0, 0.035, 0), crank - (0, 0.03, 0), 0.06, 0.06, rim)
    m.rod(seat, seat + (0, 0, 0.06), t * 0.7, t * 0.7, rim)
    m.rod(seat + (-0.05, 0, 0.07), seat + (0.08, 0, 0.07), 0.035, 0.018, saddle := m.plain())
    top, drop = head + (-0.02, 0, m.u(0.05, 0.12)), m.u(-0.08, 0.04)
    m.rod(head, top, t, t, rim)
    for y in (-0.14, 0.14):
        m.path([top, top + (0.03, y * 0.7, 0.01), top + (-0.04, y, drop), top + (-0.1, y, drop)], 0.012, rim)
        m.rod(top + (-0.05, y, drop), top + (-0.1, y, drop), 0.017, 0.017, saddle)
    return m.finish(stand, _about((1, 0, 0), 1.45) if m.odds(0.2) else _about((1, 0, 0), m.u(-0.15, 0.15)))


def boat(rng, stand):
    """Planked hull with sails, oars, or a cabin and a funnel."""
    m = _Model(rng)
    hull, deck, w, h = m.pick(m.print, m.plain, m.wood, m.plain)(), m.wood(0), m.u(0.14, 0.22), m.u(0.1, 0.18)
    stern, sheer, keel = m.u(0.0, 0.8), m.u(0.0, 0.12), m.u(0.3, 0.65)
    s = np.linspace(-1, 1, 11)
    beam = w * np.where(s < 0, 1 - (1 - stern) * s**2, 1 - np.abs(s) ** 2.2)
    top = np.stack([s * 0.5, beam, h + sheer * np.clip(s, -0.4, 1) ** 2], 1)
    low = np.stack([s * 0.43 - 0.02, beam * keel, 0 * s], 1)
    for side in (1, -1):
        flip = np.array([1, side, 1])
        for a, b, c, d in zip(top[:-1], top[1:], low[:-1], low[1:], strict=True):
            a, b, c, d = a * flip, b * flip, c * flip, d * flip
            up, along = (a + b - c - d) / 2, (b - a + d - c) / 2
            half = (np.linalg.norm(along) * 0.57, 0.012, np.linalg.norm(up) * 0.52)
            m.box((a + b + c + d) / 4, half, hull, rotation(along, up))
        m.path(top * flip, 0.014, deck)
    if stern > 0.05:
        m.box((-0.48, 0, h / 2), (0.012, w * stern * 0.85, h / 2), hull)
    axes, width = np.eye(3, dtype=np.float32), w
    m.sheet(
        (-0.5, 0, h * m.u(0.35, 0.9)),
        axes,
        1.0,
        w,
        lambda u, v: np.abs(v) < np.interp(u * 2 - 1, s, beam) / width,
        deck,
    )
    kind = m.u()
    if kind < 0.55:
        tall, cloth = m.u(0.6, 1.0), m.pick(m.print, m.plain)()
        cloth.translucency, bend = 0.3, m.u(-0.12, 0.12)
        m.rod((0.08, 0, 0.03), (0.08, 0, h + tall), 0.016, 0.01, deck)
        for x, root, long in ((-1, 0.06, tall * 0.9), (1, 0.1, tall * m.u(0.5, 0.8))):
            sail = np.array([[0, x, 0], [0, 0, 1], [1, 0, 0]], np.float32)
            m.sheet((root, 0, h + 0.06), sail, long, m.u(0.36, 0.5), lambda u, v: (v > 0) & (v < 1 - u), cloth, 0, bend)
        m.rod((0.07, 0, h + 0.05), (-0.4, 0, h + 0.05), 0.01, 0.01, deck)
    elif kind < 0.8:
        m.box((-0.08, 0, h + 0.06), (m.u(0.15, 0.25), w * 0.6, 0.08), m.panes(None, 4, 1, -0.3, 0.7))
        m.box((-0.05, 0, h + 0.18), (m.u(0.08, 0.12), w * 0.5, 0.05), m.panes(None, 3, 1, -0.3, 0.7))
        m.cone((-0.15, 0, h), (-0.17, 0, h + m.u(0.3, 0.42)), 0.045, 0.04, m.some())
    else:
        for x in (-0.2, 0.1):
            m.box((x, 0, h * 0.85), (0.04, w * 0.9, 0.012), deck)
        for y in (1, -1):
            m.rod((0.02, 0.2 * w * y, h + 0.05), (-0.1, y * (w + 0.2), h - 0.05), 0.012, 0.012, deck)
            m.ball((-0.12, y * (w + 0.24), h - 0.07), (0.03, 0.07, 0.01), deck)
    return m.finish(stand, _about((1, 0, 0), m.u(-0.2, 0.2)))


def aeroplane(rng, stand):
    """Airliner with jets, or a propeller plane with one or two pairs of wings."""
    m = _Model(rng)
    body, wing, r = m.pick(m.plain, m.print, m.metal)(), m.some(), m.u(0.05, 0.085)
    wing, jet, z = body if m.odds(0.4) else wing, m.odds(0.5), 0.2
    sweep, span, chord = m.u(0.3, 0.9) if jet else m.u(-0.1, 0.1), m.u(0.42, 0.58), m.u(0.09, 0.15)
    m.lathe(
        [(0, -0.5), (r * 0.35, -0.48), (r, -0.15), (r, 0.3), (r * 0.7, 0.45), (0, 0.5)], body, 1, (0, 0, z), (1, 0, 0)
    )
    glass = m.plain((0.12, 0.15, 0.2), "gloss")
    m.ball((0.34 if jet else 0.12, 0, z + r * 0.7), (0.08, r * 0.7, r * 0.7), glass)

    def panel(x, y, height, length, width, back, up=0.0):
        """A tapering, swept panel from the body outwards."""
        out = normalize(np.array([0, y, up], np.float32))
        axes = np.stack([out, (1, 0, 0), np.cross(out, (1, 0, 0))], 1).astype(np.float32)
        full = width * (1 + back)

        def outline(u, v):
            return np.abs(v * full + width * back * (2 * u - 0.5)) < width * (1 - 0.5 * u)

        for lift in (0.005, -0.005):
            m.sheet(np.array([x, 0, height]) + axes[:, 2] * lift, axes, length, full * 1.6, outline, wing)

    two = not jet and m.odds(0.45)
    for y in (1, -1):
        for height in (z - r * 0.6, z + 0.17) if two else (z + (m.pick(-0.6, 0.8) if not jet else -0.5) * r,):
            panel(0.08, y, height, span, chord, sweep, m.u(0, 0.12))
        panel(-0.43, y, z + r * 0.4, span * 0.38, chord * 0.6, sweep)
        if two:
            m.rod((0.1, y * 0.3, z - r * 0.6), (0.1, y * 0.3, z + 0.18), 0.008, 0.008, body)
        if jet:
            pod = (0.03, y * span * 0.45, z - r * 1.3)
            m.cone(pod, np.add(pod, (0.14, 0, 0)), 0.03, 0.042, m.metal())
    panel(-0.43, 0, z, 0.2, chord * 0.65, max(sweep, 0.2), 1.0)
    metal, dark = m.metal(), m.plain(DARK, "matt")
    if not jet:
        a = m.u(0, np.pi)
        d = np.array([0, np.cos(a), np.sin(a)]) * 0.17
        m.rod((0.52, 0, z) + d, (0.52, 0, z) - d, 0.012, 0.012, dark)
        m.cone((0.4, 0, z), (0.56, 0, z), r * 0.9, 0.01, m.plain())
    for x, y in ((0.1, 0.12), (0.1, -0.12), (-0.4 if not jet else 0.38, 0)):
        foot = 0.12 if x < 0 else 0.05
        m.rod((x, y * 0.5, z - r * 0.3), (x, y, foot), 0.01, 0.01, metal)
        m.cone((x, y - 0.015, foot), (x, y + 0.015, foot), 0.035, 0.035, dark)
    return m.finish(stand)


def rocket(rng, stand):
    """Rocket with fins, a nose cone and portholes, sometimes with boosters."""
    m = _Model(rng)
    body, nose, fin, r = m.some(), m.some(), m.some(), m.u(0.1, 0.18)
    n, base, tall = rng.integers(3, 5), m.u(0.7, 1.0), m.u(0.55, 0.7)
    m.lathe([(r * base, 0.1), (r * m.u(1, 1.25), 0.4), (r, tall)], body, 1)
    m.lathe([(r, tall), (r * 0.75, tall + 0.15), (0.01, tall + m.u(0.25, 0.4))], nose, m.pick(0, 1, 2))
    m.lathe([(r * 0.5, 0.12), (r * 0.85, 0.02)], m.metal())
    m.lathe([(0, 0.1), (r * base, 0.104)], body)
    reach, cut, shift = m.u(0.15, 0.25), m.u(0.3, 1.0), m.u(-0.2, 0.6)
    for a in np.arange(n) * TAU / n + 0.4:
        axes = np.array([[np.cos(a), 0, np.sin(a)], [np.sin(a), 0, -np.cos(a)], [0, 1, 0]], np.float32)
        m.sheet(
            axes @ (r * 0.8, 0.18, 0),
            axes,
            reach,
            0.3,
            lambda u, v: (v > -0.9 * u) & (v < 0.7 - cut * u - shift * u),
            fin,
        )
        if n == 4 and shift < 0.1:
            x, y = np.cos(a + 0.8) * r * 1.4, np.sin(a + 0.8) * r * 1.4
            m.lathe([(r * 0.4, 0.03), (r * 0.4, 0.4), (0, 0.52)], nose, 0, (x, y, 0))
    a, rim, glass = m.u(0, TAU), m.metal(), m.plain((0.15, 0.25, 0.35), "gloss")
    for k in range(2):
        c = np.array([np.cos(a + k * np.pi), np.sin(a + k * np.pi), 0])
        at = c * r * 0.9 + (0, 0, tall - 0.08)
        m.cone(at, at + c * r * 0.25, r * 0.5, r * 0.45, rim)
        m.cone(at, at + c * r * 0.28, r * 0.35, r * 0.35, glass)
    return m.finish(stand, m.fallen(0.25))


def train(rng, stand):
    """Steam engine, or a diesel, with a wagon."""
    m = _Model(rng)
    paint, dark, trim, wheel = m.pick(m.plain, m.print)(), m.plain(DARK), m.some(), m.tyre()
    w, r, long = m.u(0.1, 0.13), m.u(0.07, 0.11), m.u(0.25, 0.4)
    m.box((0.15, 0, 0.1), (0.37, w, 0.022), dark)
    m.cone((0.05, 0, 0.12 + r), (0.05 + long + 0.05, 0, 0.12 + r), r, r, paint)
    m.cone((0.05 + long, 0, 0.12 + r), (0.13 + long, 0, 0.12 + r), r * 1.04, r * 0.98, trim)
    cab = m.u(0.13, 0.18)
    m.box((-0.06, 0, 0.12 + cab), (0.13, w, cab), m.panes(None, 2, 1, 0.1, 0.8))
    m.box((-0.06, 0, 0.13 + 2 * cab), (0.16, w * 1.15, 0.014), trim)
    top = 0.1 + 2 * r
    stack = m.u(0.08, 0.16)
    m.cone((long, 0, top), (long, 0, top + stack), 0.03, m.u(0.03, 0.065), dark)
    m.ball((0.05 + long * 0.5, 0, top), (0.045, 0.045, 0.06), trim)
    for y in (-w, w):
        for x, q in ((-0.1, 0.09), (0.06, 0.09), (0.22, 0.09), (0.4, 0.055)):
            m.wheel(x, y, q, 0.03, wheel)
        m.rod((-0.1, y * 1.2, 0.08), (0.22, y * 1.2, 0.08), 0.01, 0.01, trim)
    m.box((0.53, 0, 0.08), (0.015, w * 1.1, 0.03), m.plain())
    if m.odds(0.7):
        h, kind = m.u(0.07, 0.16), m.pick(m.some, m.panes)()
        m.box((-0.55, 0, 0.12 + h), (0.29, w, h), kind)
        m.box((-0.55, 0, 0.1), (0.3, w * 0.9, 0.02), dark)
        m.rod((-0.3, 0, 0.1), (-0.18, 0, 0.1), 0.012, 0.012, dark)
        for x in (-0.72, -0.38):
            for y in (-w, w):
                m.wheel(x, y, 0.06, 0.03, wheel)
    return m.finish(stand)


# Buildings


def house(rng, stand):
    """House with a gabled or hipped roof, windows, a door and a chimney."""
    m = _Model(rng)
    w, d, h, rise = m.u(0.28, 0.5), m.u(0.22, 0.38), m.u(0.15, 0.4), m.u(0.15, 0.4)
    storeys, rows = 1 if h < 0.28 else 2, m.u(20, 45)
    wall = m.tone() ** (1 / 2.2)
    tile, dull = vary(rng, m.pick((0.55, 0.25, 0.17), (0.3, 0.3, 0.33), (0.4, 0.27, 0.2))), m.odds(0.25)
    tile = m.tone() if dull else tile

    def tiles(u, p, noise):
        q = m.local(p)
        row = np.floor(q[2] * rows)
        brick = ((q[0] + q[1]) * 18 + 0.5 * row) % 1
        return tile[:, None] * (0.6 + 0.4 * (q[2] * rows % 1)) * (1 - 0.35 * (brick < 0.12)) * (1 + 0.2 * noise(q * 25))

    roof, plain = m.skin(tiles, "matt"), m.plain(wall, "matt")
    m.box((0, 0, h), (w, d, h), m.panes(wall, rng.integers(3, 6), storeys, m.u(-0.6, -0.1), 0.85))
    eave = m.u(1.05, 1.2)
    for y in (1, -1):
        a, b = np.array([0, y * d * eave, 2 * h - rise * (eave - 1)]), np.array([0, 0, 2 * h + rise])
        axes = np.stack([(1, 0, 0), (b - a) / np.linalg.norm(b - a), (0, 0, 0)], 1)
        axes[:, 2] = np.cross(axes[:, 0], axes[:, 1])
        m.box((a + b) / 2, (w * eave, np.linalg.norm(b - a) / 2 + 0.008, 0.014), roof, axes.astype(np.float32))
    for x in (-w, w):
        axes = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]], np.float32)
        m.sheet((x, 0, 2 * h), axes, rise, d, lambda u, v: np.abs(v) < 1 - u, plain)
    door, side = m.plain(), m.pick(1, -1)
    m.box((m.u(-0.5, 0.5) * w, side * d, 0.11), (0.055, 0.012, 0.11), door)
    if m.odds(0.7):
        m.box((m.u(-0.7, 0.7) * w, d * 0.4, 2 * h + rise * 0.8), (0.045, 0.045, rise * 0.35), m.plain((0.5, 0.3, 0.22)))
    if m.odds(0.35):
        m.box((w + 0.1, 0, h * 0.6), (0.12, d * 0.8, h * 0.6), m.panes(wall, 2))
        m.box((w + 0.1, 0, h * 1.2 + 0.01), (0.14, d * 0.88, 0.014), roof)
    return m.finish(stand)


def tower(rng, stand):
    """Lighthouse, castle tower or high-rise."""
    m = _Model(rng)
    kind, r = m.pick("light", "castle", "block"), m.u(0.13, 0.22)
    if kind == "block":
        z, floors = 0.0, rng.integers(5, 10)
        wall = m.tone() ** (1 / 2.2)
        for i in range(m.pick(1, 2, 3)):
            h, q = m.u(0.2, 0.45) if i else m.u(0.3, 0.45), r * 0.75**i
            m.box((0, 0, z + h), (q, q * m.u(0.7, 1), h), m.panes(wall, rng.integers(3, 7), int(floors), -0.9, 0.9))
            z += 2 * h
        m.rod((0, 0, z), (0, 0, z + m.u(0.03, 0.3)), 0.015, 0.005, m.metal())
        return m.finish(stand)
    base, n, rows = vary(rng, m.pick((0.6, 0.57, 0.5), (0.5, 0.35, 0.28), WHITE)), rng.integers(5, 9), m.u(12, 20)

    def stones(u, p, noise):
        q = m.local(p)
        row = np.floor(q[2] * rows)
        s = (np.arctan2(q[1], q[0]) / TAU * n * 2 + 0.5 * row) % 1
        joint = (s < 0.08) | (q[2] * rows % 1 < 0.12)
        slit = (np.abs(np.arctan2(q[1], q[0]) * 2 % np.pi - 1.5) < 0.25) & (np.abs(q[2] % 0.3 - 0.15) < 0.05)
        return base[:, None] * np.where(slit, 0.06, 1 - 0.4 * joint) * (1 + 0.25 * noise(q * 13, 2))

    wall = m.print(WHITE, True) if kind == "light" else m.skin(stones, "matt")
    top = r * (m.u(0.5, 0.75) if kind == "light" else m.u(0.85, 1.0))
    m.cone((0, 0, 0), (0, 0, 0.75), r, top, wall)
    if kind == "light":
        roof, rail = m.plain(), m.plain(DARK)
        m.cone((0, 0, 0.75), (0, 0, 0.78), top * 1.35, top * 1.35, rail)
        m.ring((0, 0, 0.85), top * 1.3, 0.01, rail, n=14)
        m.cone((0, 0, 0.78), (0, 0, 0.92), top * 0.75, top * 0.75, Material(vary(rng, (0.9, 0.85, 0.6)), 0.08, 0.1))
        m.lathe([(top * 0.95, 0.92), (top * 0.6, 0.99), (0, 1.03)], roof)
        for a in np.arange(8) * TAU / 8:
            x, y = np.cos(a) * top, np.sin(a) * top
            m.rod((x * 1.3, y * 1.3, 0.78), (x * 1.3, y * 1.3, 0.85), 0.007, 0.007, rail)
            m.rod((x * 0.76, y * 0.76, 0.78), (x * 0.76, y * 0.76, 0.92), 0.008, 0.008, roof)
    else:
        m.cone((0, 0, 0.72), (0, 0, 0.82), top * 1.05, top * 1.25, wall)
        for a in np.arange(9) * TAU / 9:
            axes = _about((0, 0, 1), a)
            m.box(axes @ (top * 1.12, 0, 0.86), (0.03, top * 0.25, 0.05), wall, axes)
        if m.odds(0.5):
            m.cone((0, 0, 0.82), (0, 0, m.u(1.05, 1.4)), top * 1.05, 0.005, m.plain())
    return m.finish(stand)


def bridge(rng, stand):
    """Stone bridge on arches, or a suspension bridge."""
    m = _Model(rng)
    stone, w, h = m.pick(m.plain, m.metal, m.print)(), m.u(0.07, 0.13), m.u(0.15, 0.28)
    s = np.linspace(-0.5, 0.5, 29)
    hump = m.u(0, 0.12)
    if m.odds(0.55):
        n, pier = rng.integers(1, 5), m.u(0.05, 0.12)
        phase = ((s + 0.5) * n % 1) * 2 - 1
        phase[-1] = -1
        arch = np.sqrt(np.clip(1 - (phase / (1 - pier * n * 0.5)) ** 2, 0, 1)) * h * 0.85
        top = h + 0.03 + hump * (1 - 4 * s**2)
        m.extrude(s, top, arch, w, stone, roof=m.plain(None, "matt"))
        for y in (-w, w):
            m.path(np.stack([s[::4], np.full(8, y), top[::4] + 0.02], 1), 0.018, stone)
    else:
        steel, tall = m.some(), m.u(0.25, 0.4)
        m.box((0, 0, h), (0.62, w, 0.018), m.plain())
        x0 = m.u(0.28, 0.36)
        for y in (-w, w):
            for x in (-x0, x0):
                m.box((x, y, (h + tall) / 2), (0.022, 0.018, (h + tall) / 2), steel)
            x = np.linspace(-0.6, 0.6, 17)
            inner = (x / x0) ** 2
            sag = np.where(
                inner < 1, 0.04 + (tall - 0.05) * inner, np.clip(tall * (0.6 - np.abs(x)) / (0.6 - x0), 0, 1)
            )
            m.path(np.stack([x, np.full(17, y), h + sag], 1), 0.009, steel)
            for i in range(1, 16):
                m.rod((x[i], y, h), (x[i], y, h + sag[i]), 0.004, 0.004, steel)
        for x in (-x0, x0):
            for z in (h + tall, h * 0.6):
                m.box((x, 0, z), (0.02, w, 0.018), steel)
    return m.finish(stand)


MAKERS = (cup, bowl, bottle, vase, teapot, spoon, candle, key, scissors, hammer, screw, hex_nut, gear, die, pawn)
MAKERS += (button, padlock, light_bulb, lamp, chair, table, book, pencil, umbrella, ball, hat, bucket, basket, barrel)
MAKERS += (clock, guitar, drum, shoe, car, bus, bicycle, boat, aeroplane, rocket, train, house, tower, bridge)
THINGS = {f.__name__.replace("_", " "): f for f in MAKERS}
