"""One picture of one subject, from random numbers to pixels."""

import numpy as np

from .backgrounds import Setting, look_again, sample_setting
from .camera import Camera, frame
from .insects import ant, bee, ladybird
from .kinds import KINDS
from .photo import depth_of_field, develop
from .scene import Subject, draw, prepare, radiance

SUBJECTS = {"ants": ant, "bees": bee, "ladybirds": ladybird, **KINDS}  # name -> builder(rng, stand) -> Subject


def place_camera(subject: Subject, setting: Setting, size: int) -> Camera:
    """A camera on the setting's line of sight, as far away as makes the body fill its share of the picture."""
    ce, se = np.cos(setting.elevation), np.sin(setting.elevation)
    towards = np.array([ce * np.cos(setting.azimuth), ce * np.sin(setting.azimuth), se], np.float32)
    axes = frame(-towards)
    c, s = np.cos(setting.roll), np.sin(setting.roll)
    axes = np.stack([c * axes[0] + s * axes[1], c * axes[1] - s * axes[0], axes[2]]).astype(np.float32)
    points = np.concatenate([solid.tips() for solid in subject.core], 1)
    target = points.mean(1)
    scale = size / 2 / np.tan(setting.fov / 2)
    distance = 3.0
    for _ in range(4):
        x, y, _, _ = Camera(target + towards * distance, axes, scale, size).project(points)
        turns = np.linspace(0, np.pi, 12, endpoint=False)[:, None]
        longest = np.ptp(x * np.cos(turns) + y * np.sin(turns), axis=1).max() / size
        distance = max(distance * longest / setting.extent, 1.7)
    room = 0.22 * distance * np.tan(setting.fov / 2)  # off-centre, but not out of the picture
    target = target + axes[0] * setting.shift[0] * room + axes[1] * setting.shift[1] * room
    return Camera(target + towards * distance, axes, scale, size)


def take_picture(kind: str, seed, size: int = 256) -> np.ndarray:
    """A photograph of a model of `kind` (a key of SUBJECTS): (size, size, 3) uint8.

    seed: a sequence of integers. The scene and the subject draw from separate generators, so that the same
    seed gives both classes the same distribution of scenes.
    """
    return take_pictures(kind, seed, size, 1)[0][0]


def take_pictures(kind: str, seed, size: int, views: int, oversample: int = 2) -> tuple[list[np.ndarray], Setting]:
    """Several photographs of one scene from different sides, and the scene.

    Scenes that hide the subject are drawn again.
    """
    for attempt in range(20):
        scene_rng, subject_rng, noise_rng = (np.random.default_rng([*seed, attempt, k]) for k in range(3))
        setting = sample_setting(scene_rng)
        subject = SUBJECTS[kind](subject_rng, setting.stand)
        if visible_share(subject, setting, size) > 0.72:
            break
    noise, shadows = prepare(subject, setting.clutter, setting.lighting, noise_rng, detail=min(1.0, size / 256))
    subject.strands += setting.strands
    pictures = []
    for view in range(views):
        look = setting
        for _ in range(20 if view else 0):
            look = look_again(scene_rng, setting)
            if visible_share(subject, look, size) > 0.72:
                break
        camera = place_camera(subject, look, size * oversample)
        light, depth, _ = radiance(subject, look.clutter, look.ground, camera, look.lighting, noise, shadows)
        points = np.concatenate([solid.tips() for solid in subject.core], 1)
        reach = np.linalg.norm(points - camera.eye, axis=0)
        focus = 0.25 * reach.min() + 0.75 * reach.mean()
        light = depth_of_field(light, depth, focus, look.blur * size / 256, oversample, 9 * size / 256)
        picture = develop(
            light,
            noise_rng,
            look.brightness,
            look.vignette,
            look.noise,
            look.saturation,
            look.lighting.illuminant(),
            look.balance,
        )
        pictures.append(picture)
    return pictures, setting


def visible_share(subject: Subject, setting: Setting, size: int, look: int = 96) -> float:
    """Share of the subject that is neither cropped nor hidden, from a small quick depth buffer."""
    camera = place_camera(subject, setting, size)
    wide = Camera(camera.eye, camera.axes, camera.scale * look / size / 2, look)  # twice the field of view
    alone, _ = draw(subject.solids, wide)
    _, ids = draw(subject.solids + setting.clutter, wide)
    seen = (ids >= 0) & (ids < len(subject.solids))
    inside = seen[look // 4 : -look // 4, look // 4 : -look // 4].sum()
    return float(inside / max(np.isfinite(alone).sum(), 1))
