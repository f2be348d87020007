"""Shapes with an exact ray intersection, each with `bounds`, `intersect` and `surface`.

bounds():        points (3, k) whose convex hull, grown by a radius, holds the shape
intersect(o, d): distance along each ray, inf where it misses; o and d are (3, n) or (3, 1), d of unit length.
                 The nearest hit counts even when negative: the depth buffer moves o close to the shape first,
                 because float32 can't resolve a thin leg from five units away.
surface(p):      for points on it (3, n): unit normals (3, n) and local coordinates (3, n) for textures
two_sided:       True for a thin wall, whose normals are turned to the camera
"""

import numpy as np

from .camera import normalize

CORNERS = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1]), np.float32).reshape(3, 8)  # of a cube


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Dot products along the first axis, without a (3, n) temporary."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def rotation(forward, up=(0.0, 0.0, 1.0)) -> np.ndarray:
    """Rotation whose columns are forward, left and up: the local axes of a body part."""
    x = normalize(np.asarray(forward, np.float32))
    up = np.asarray(up, np.float32)
    if abs(x @ up) > 0.999 * np.linalg.norm(up):
        up = np.array([1.0, 0.0, 0.01], np.float32)
    y = normalize(np.cross(up, x))
    return np.stack([x, y, np.cross(x, y)], 1).astype(np.float32)


class Ellipsoid:
    """center (3,), radii (3,), axes: rotation with the ellipsoid's axes as columns."""

    two_sided = False

    def __init__(self, center, radii, axes=None, material=None):
        self.center = np.asarray(center, np.float32).reshape(3, 1)
        self.radii = np.broadcast_to(np.asarray(radii, np.float32), 3)
        self.axes = np.eye(3, dtype=np.float32) if axes is None else axes
        self.to_unit_sphere = self.axes.T / self.radii[:, None]
        self.material = material

    def bounds(self):
        return self.center + self.axes @ (CORNERS * self.radii[:, None]), 0.0

    def tips(self) -> np.ndarray:
        """The six ends of the axes (3, 6), for measuring how large the subject looks."""
        ends = np.concatenate([np.eye(3), -np.eye(3)], 1).astype(np.float32)
        return self.center + self.axes @ (ends * self.radii[:, None])

    def intersect(self, o, d):
        # In the space where the ellipsoid is the unit sphere: |q + t e| = 1.
        q, e = self.to_unit_sphere @ (o - self.center), self.to_unit_sphere @ d
        a, b, c = dot(e, e), dot(q, e), dot(q, q) - 1
        h = b * b - a * c
        return np.where(h > 0, (-b - np.sqrt(np.maximum(h, 0))) / a, np.inf)

    def surface(self, p):
        u = self.to_unit_sphere @ (p - self.center)
        return normalize(self.to_unit_sphere.T @ u), u

    def scatter(self, rng: np.random.Generator, n: int):
        """n random points on the surface: positions, normals and unit-sphere coordinates, each (3, n)."""
        u = normalize(rng.standard_normal((3, n)).astype(np.float32))
        return self.center + self.axes @ (u * self.radii[:, None]), normalize(self.to_unit_sphere.T @ u), u


class RoundCone:
    """The hull of two spheres, at a with radius ra and at b with radius rb: legs, feelers, twigs."""

    two_sided = False

    def __init__(self, a, b, ra: float, rb: float, material=None):
        self.a, self.b = (np.asarray(x, np.float32).reshape(3, 1) for x in (a, b))
        self.ra, self.rb, self.material = np.float32(ra), np.float32(rb), material
        self.axis, self.slope = self.b - self.a, self.ra - self.rb
        length2 = np.float32((self.axis * self.axis).sum())
        self.length2, self.d2 = length2, max(length2 - self.slope**2, np.float32(1e-9))
        self.center = (self.a + self.b) / 2

    def bounds(self):
        return np.concatenate([self.a, self.b], 1), float(max(self.ra, self.rb))

    def tips(self) -> np.ndarray:
        return np.concatenate([self.a, self.b], 1)

    def intersect(self, o, d):
        # Quilez, "ray-surface intersectors": rounded cone. The cone body first, then the two end spheres.
        q = o - self.a
        m1, m2, m3, m5 = dot(self.axis, q), dot(self.axis, d), dot(d, q), dot(q, q)
        k2 = self.d2 - m2 * m2
        k1 = self.d2 * m3 - m1 * m2 + m2 * self.slope * self.ra
        k0 = self.d2 * m5 - m1 * m1 + 2 * m1 * self.slope * self.ra - self.length2 * self.ra**2
        h = k1 * k1 - k0 * k2
        t = (-np.sqrt(np.maximum(h, 0)) - k1) / np.where(np.abs(k2) < 1e-12, 1e-12, k2)
        y = m1 - self.ra * self.slope + t * m2
        best = np.where((h > 0) & (y > 0) & (y < self.d2), t, np.inf)
        for center, radius in ((self.a, self.ra), (self.b, self.rb)):
            s = o - center
            b = dot(s, d)
            h = b * b - dot(s, s) + radius * radius
            best = np.minimum(best, np.where(h > 0, -b - np.sqrt(np.maximum(h, 0)), np.inf))
        return best

    def surface(self, p):
        q = p - self.a
        along = dot(self.axis, q)
        y = np.clip(along - self.ra * self.slope, 0, self.d2)
        n = normalize(self.d2 * q - self.axis * y)
        return n, np.stack([along / max(self.length2, 1e-9), n[0], n[2]])


class Box:
    """center (3,), half sizes (3,), axes as columns: planks, books, walls."""

    two_sided = False

    def __init__(self, center, half, axes=None, material=None):
        self.center = np.asarray(center, np.float32).reshape(3, 1)
        self.half = np.asarray(half, np.float32).reshape(3, 1)
        self.axes = np.eye(3, dtype=np.float32) if axes is None else axes
        self.material = material

    def bounds(self):
        return self.center + self.axes @ (CORNERS * self.half), 0.0

    def tips(self) -> np.ndarray:
        return self.bounds()[0]

    def intersect(self, o, d):
        # Kay & Kajiya 1986: the ray is inside where it is inside all three slabs.
        q, e = self.axes.T @ (o - self.center), self.axes.T @ d
        e = np.where(np.abs(e) < 1e-7, np.float32(1e-7), e)
        near, far = (-q - np.sign(e) * self.half) / e, (-q + np.sign(e) * self.half) / e
        near, far = near.max(0), far.min(0)
        return np.where(near < far, near, np.inf)

    def surface(self, p):
        u = self.axes.T @ (p - self.center) / self.half
        # A high power rounds the edges a little, which is what catches the light on real things.
        return normalize(self.axes @ (np.sign(u) * np.abs(u) ** 24)), u


class Frustum:
    """A straight piece of cone from a with radius ra to b with radius rb: wheels, cups, caps, stems, bottles.

    closed: with a disc at both ends. Open, it is a thin wall that is seen from inside too.
    """

    def __init__(self, a, b, ra: float, rb: float, material=None, closed: bool = True):
        self.a, self.b = (np.asarray(x, np.float32).reshape(3, 1) for x in (a, b))
        self.ra, self.rb, self.closed, self.material = np.float32(ra), np.float32(rb), closed, material
        self.two_sided = not closed
        self.length = np.float32(np.linalg.norm(self.b - self.a))
        self.axis, self.slope = (self.b - self.a) / self.length, (self.rb - self.ra) / self.length
        self.frame = rotation(self.axis[:, 0])
        self.center = (self.a + self.b) / 2

    def _rim(self, turns: int = 8) -> np.ndarray:
        angle = np.arange(turns, dtype=np.float32) * np.float32(2 * np.pi / turns)
        ring = self.frame[:, 1:] @ np.stack([np.cos(angle), np.sin(angle)])
        return np.concatenate([self.a + self.ra * ring, self.b + self.rb * ring], 1)

    def bounds(self):
        return np.concatenate([self.a, self.b, self._rim()], 1), float(0.08 * max(self.ra, self.rb))

    def tips(self) -> np.ndarray:
        return self._rim()

    def intersect(self, o, d):
        # Distance from the axis equals the radius there: a quadratic in t.
        q = o - self.a
        m, n = dot(self.axis, d), dot(self.axis, q)
        radius = self.ra + self.slope * n
        a = 1 - m * m * (1 + self.slope**2)
        b = dot(q, d) - n * m - self.slope * m * radius
        c = dot(q, q) - n * n - radius * radius
        h = b * b - a * c
        root, a = np.sqrt(np.maximum(h, 0)), np.where(np.abs(a) < 1e-7, np.float32(1e-7), a)
        best = np.full(np.shape(h), np.inf, np.float32)
        for t in ((-b - root) / a, (-b + root) / a):
            y = n + t * m
            on_wall = (h > 0) & (y >= 0) & (y <= self.length) & (self.ra + self.slope * y >= 0)
            best = np.where(on_wall, np.minimum(best, t), best)
        if self.closed:
            m = np.where(np.abs(m) < 1e-7, np.float32(1e-7), m)
            for place, r in ((0.0, self.ra), (self.length, self.rb)):
                t = (place - n) / m
                off = q + t * d - self.axis * np.float32(place)
                best = np.where(dot(off, off) <= r * r, np.minimum(best, t), best)
        return best

    def surface(self, p):
        q = p - self.a
        y = dot(self.axis, q)
        out = q - self.axis * y
        radius = np.sqrt(dot(out, out))
        wall = normalize(normalize(out) - self.axis * self.slope)
        along = y / self.length
        angle = np.arctan2(self.frame[:, 2] @ q, self.frame[:, 1] @ q) / np.float32(np.pi)
        if self.closed:  # the nearest of wall and end discs
            gap = np.abs(radius - (self.ra + self.slope * y))
            first, last = np.abs(y), np.abs(y - self.length)
            wall = np.where(((first < gap) & (first <= last))[None], -self.axis, wall)
            wall = np.where(((last < gap) & (last < first))[None], self.axis, wall)
        return wall, np.stack([along, angle, radius / max(self.ra, self.rb)])


class Sheet:
    """A thin curved sheet with an outline: wing, leaf, petal, blade of grass.

    Points are root + u * length * U + v * width * V + (bend_u u^2 + bend_v v^2) * N for 0 <= u <= 1 and
    -1 <= v <= 1, where `outline(u, v)` is true. axes: columns U, V, N. bend_u, bend_v: heights in units.
    """

    two_sided = False

    def __init__(self, root, axes, length, width, outline, bend_u=0.0, bend_v=0.0, material=None):
        self.root = np.asarray(root, np.float32).reshape(3, 1)
        self.axes, self.outline, self.material = axes, outline, material
        self.size = np.array([[length], [width], [1.0]], np.float32)
        self.bend_u, self.bend_v = np.float32(bend_u), np.float32(bend_v)
        self.center = self.root + axes[:, :1] * np.float32(length / 2)

    def point(self, u, v) -> np.ndarray:
        """World positions (3, n) of sheet coordinates u, v (n,)."""
        u, v = np.asarray(u, np.float32), np.asarray(v, np.float32)
        return self.root + self.axes @ (np.stack([u, v, self.bend_u * u**2 + self.bend_v * v**2]) * self.size)

    def bounds(self):
        u, v, w = np.meshgrid([0, 1], [-1, 1], [0, 1])
        lift = np.where(w > 0, max(self.bend_u, 0) + max(self.bend_v, 0), min(self.bend_u, 0) + min(self.bend_v, 0))
        box = np.stack([u.ravel(), v.ravel(), lift.ravel()]).astype(np.float32)
        return self.root + self.axes @ (box * self.size), 0.0

    def tips(self) -> np.ndarray:
        return self.point([0, 0.5, 0.5, 1], [0, -0.6, 0.6, 0])

    def intersect(self, o, d):
        # w = bend_u u^2 + bend_v v^2 along the ray is a quadratic in t; of its two roots the nearest one
        # inside the outline counts. Written so that a flat sheet (a = 0) needs no special case.
        q, e = self.axes.T @ (o - self.root) / self.size, self.axes.T @ d / self.size
        a = -(self.bend_u * e[0] ** 2 + self.bend_v * e[1] ** 2)
        b = e[2] - 2 * (self.bend_u * q[0] * e[0] + self.bend_v * q[1] * e[1])
        c = q[2] - self.bend_u * q[0] ** 2 - self.bend_v * q[1] ** 2
        h = b * b - 4 * a * c
        s = -(b + np.where(b < 0, -1, 1) * np.sqrt(np.maximum(h, 0))) / 2
        best = np.full(np.broadcast_shapes(a.shape, c.shape), np.inf, np.float32)
        tiny = np.float32(1e-9)
        for t in (c / np.where(np.abs(s) < tiny, tiny, s), s / np.where(np.abs(a) < tiny, tiny, a)):
            t = np.clip(t, -1e3, 1e3)
            u, v = q[0] + t * e[0], q[1] + t * e[1]
            inside = (h > 0) & (u >= 0) & (u <= 1) & (np.abs(v) <= 1) & (t < best)
            inside[inside] = self.outline(u[inside], v[inside])
            best = np.where(inside, t, best)
        return best

    def surface(self, p):
        u = self.axes.T @ (p - self.root) / self.size
        slope = np.stack(
            [-2 * self.bend_u * u[0] / self.size[0], -2 * self.bend_v * u[1] / self.size[1], np.ones_like(u[0])]
        )
        return normalize(self.axes @ slope), u


class Strands:
    """Hairs: n thin curved lines drawn as chains of points.

    root, direction: (3, n); length, radius: units, (n,) or a number; color: (3, n) linear RGB.
    normal: (3, n) of the skin below, which is what shades a dense coat. droop: how far tips sink (units/unit).
    """

    def __init__(self, root, direction, normal, length, color, radius=0.003, droop=0.3):
        n = root.shape[1]
        self.root, self.direction, self.normal, self.color = root, direction, normal, color
        self.length = np.broadcast_to(np.asarray(length, np.float32), n)
        self.radius, self.droop = radius, droop

    def points(self, steps: int):
        """Positions (3, n * steps), the strand each belongs to, and how far along it lies in [0, 1]."""
        s = np.linspace(0, 1, steps, dtype=np.float32)[None, None, :]
        reach = s * self.length[None, :, None]
        p = self.root[:, :, None] + self.direction[:, :, None] * reach
        p[2] -= self.droop * (s[0] ** 2) * self.length[:, None]
        n = self.root.shape[1]
        return p.reshape(3, -1), np.repeat(np.arange(n), steps), np.broadcast_to(s[0], (n, steps)).ravel()
