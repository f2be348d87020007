"""The training dashboard: the same result as `fit`, buttons that answer, nothing lost, errors shown and raised.

Two threads work here, and nobody knows which is faster: wait for the state that a line needs, with `until`.
"""

import _thread
import copy
import itertools
import re
import signal
import threading
import time
from types import SimpleNamespace

import pytest
import torch
from matplotlib.figure import Figure
from torch import nan, nn
from torch.utils.data import DataLoader, Subset, TensorDataset

import helpers
from helpers.explorers import dashboard as module
from helpers.explorers import training_thread
from helpers.explorers.dashboard import train_with_dashboard
from helpers.explorers.training_thread import Training, newest

CPU = torch.device("cpu")
PICTURES, BATCH = 32, 8
BATCHES = PICTURES // BATCH
DRAW_WRONG = module._draw_wrong
HANG = 600  # seconds: a limit for what hangs, not for what is slow


class Pictures(TensorDataset):
    classes = ["ants", "bees"]


def make_loaders():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(PICTURES, 3, 8, 8, generator=generator)
    dataset = Pictures(x, (x.mean(dim=(1, 2, 3)) > 0).long())
    return {"train": DataLoader(dataset, BATCH, shuffle=True), "val": DataLoader(dataset, BATCH)}


def make_model(classes=2, width=4):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, width, 3), nn.BatchNorm2d(width), nn.Dropout(0.1), nn.Flatten(), nn.Linear(width * 36, classes)
    )


class Criterion(nn.CrossEntropyLoss):
    """Counts the batches of training, and calls `at[n]` in the n-th, in the training thread."""

    def __init__(self, **at):
        super().__init__()
        self.at, self.count = {int(n[1:]): action for n, action in at.items()}, 0

    def forward(self, logits, labels):
        if logits.requires_grad:
            self.count += 1
            if self.count in self.at:
                self.at[self.count]()
        return super().forward(logits, labels)


def build_optimizer(model, step_size=1):
    """A learning rate that can be told by hand: 0.05, and a tenth after every step_size epochs."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    return optimizer, torch.optim.lr_scheduler.StepLR(optimizer, step_size)


def make(path, epochs=2, criterion=None, model=None, step_size=1, loaders=None):
    model = model or make_model()
    optimizer, scheduler = build_optimizer(model, step_size)
    criterion = criterion or Criterion()
    return train_with_dashboard(
        model, loaders or make_loaders(), criterion, optimizer, scheduler, epochs, CPU, checkpoint=path
    )


def fit(epochs=2, step_size=1):
    model = make_model()
    optimizer, scheduler = build_optimizer(model, step_size)
    history = helpers.fit(model, make_loaders(), nn.CrossEntropyLoss(), optimizer, scheduler, epochs, CPU)
    return model, history


def until(condition, dashboard):
    """Wait for the condition. When it holds, what belongs to it is shown: that is done under the lock."""
    end = time.monotonic() + HANG
    while True:
        with dashboard._lock:
            if condition():
                return
        assert time.monotonic() < end, f"it did not happen. {dashboard.state}: {dashboard.caption.value}"
        time.sleep(0.01)


def until_paused(dashboard):
    """Wait until the batch has ended and the thread rests."""
    until(lambda: "Paused in" in dashboard.caption.value, dashboard)


def click(dashboard, name):
    assert not dashboard.buttons[name].disabled, f"{name} cannot be clicked in state {dashboard.state}"
    dashboard.buttons[name].click()


def enabled(dashboard):
    return [name for name, button in dashboard.buttons.items() if not button.disabled]


def primary(dashboard):
    return [name for name, button in dashboard.buttons.items() if button.button_style == "primary"]


def assert_same(model, other):
    for (name, a), b in zip(model.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b), name


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Where the checkpoint lies. Curves and pictures are not drawn, to save time: monkeypatch.undo() draws them."""
    monkeypatch.setattr(module, "_draw_curves", lambda dashboard: Figure((1, 1)))
    monkeypatch.setattr(module, "_draw_wrong", lambda dashboard: "")
    yield tmp_path / "run.pt"
    for dashboard in list(newest.values()):  # no test leaves a thread behind
        dashboard.stop()
    for thread in threads():
        thread.join(HANG)
        assert not thread.is_alive()
    newest.clear()


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "training"]


def test_equals_fit_exactly_and_prints_nothing(path, capfd):
    dashboard = make(path)
    assert enabled(dashboard) == ["Start"]
    history = dashboard.wait()
    model, expected = fit()
    assert_same(dashboard.model, model)
    assert history == expected
    assert (dashboard.state, enabled(dashboard)) == ("done", ["Begin anew"])
    assert "Done: 2 of 2 epochs" in dashboard.caption.value
    assert capfd.readouterr() == ("", "")
    assert dashboard.wait() is history  # nothing more to do


def test_a_new_dashboard_takes_over_the_file_and_answers(path):
    """As when a learner changes the number of epochs and runs the cells again."""
    old, new = make(path, epochs=2), make(path, epochs=3)
    assert not new.buttons["Start"].disabled and "taken over" not in new.caption.value
    new.buttons["Start"].click()
    until(lambda: new.state == "done", new)
    assert new.done == 3
    assert all(button.disabled for button in old.buttons.values()) and "taken over" in old.caption.value


def test_pause_in_mid_epoch_changes_nothing(path):
    dashboard = make(path, criterion=Criterion(n6=lambda: dashboard.pause()))
    dashboard.start()
    until_paused(dashboard)
    time.sleep(0.1)  # time to go on in, if it did
    assert dashboard.criterion.count == 6 and dashboard.done == 1
    assert "Paused in epoch 2 of 2, 25 % of it." in dashboard.caption.value
    assert enabled(dashboard) == ["Continue", "Stop"]
    dashboard.model.eval()  # what cells may do meanwhile
    torch.manual_seed(99)
    click(dashboard, "Continue")
    dashboard.wait()
    assert_same(dashboard.model, fit()[0])


def test_stop_keeps_what_was_learnt(path):
    dashboard = make(path, epochs=3, criterion=Criterion(n6=lambda: dashboard.stop()))
    history = dashboard.wait()
    assert (dashboard.state, len(history["val_loss"])) == ("stopped", 1)
    assert "Stopped in epoch 2. Complete epochs: 1. The model keeps what it has learnt." in dashboard.caption.value
    assert enabled(dashboard) == ["Continue", "Begin anew"]
    assert not torch.equal(dashboard.model[4].weight, fit(1)[0][4].weight)  # the two batches more are in it
    saved = make_model()
    assert helpers.load_checkpoint(path, saved) == (history, ["ants", "bees"])
    assert_same(saved, fit(1)[0])  # the file has the complete epoch
    assert dashboard.wait() is history  # stopped is stopped
    click(dashboard, "Continue")
    assert len(dashboard.wait()["val_loss"]) == 3
    assert dashboard.criterion.count == 6 + 2 * BATCHES


def test_stop_while_paused(path):
    dashboard = make(path, criterion=Criterion(n1=lambda: dashboard.pause()))
    click(dashboard, "Start")
    until_paused(dashboard)
    click(dashboard, "Stop")
    until(lambda: dashboard.state == "stopped", dashboard)
    assert dashboard.criterion.count == 1


def test_a_batch_that_is_still_running_is_not_called_paused(path):
    """What a cell changes before the batch has ended is not put back, so nobody should believe that it is."""
    seen = []
    dashboard = make(path, criterion=Criterion(n1=lambda: (dashboard.pause(), seen.append(dashboard.caption.value))))
    dashboard.start()
    until_paused(dashboard)
    assert "Pausing after this batch." in seen[0] and "Paused" not in seen[0]


def test_learning_rate_moves_while_it_runs_and_the_scheduler_goes_on_from_there(path):
    rates = []

    def note():
        rates.append(dashboard.parts[1].param_groups[0]["lr"])
        if len(rates) == 2:
            dashboard.rate.value = 0.01

    dashboard = make(path, criterion=Criterion(**{f"n{n}": note for n in range(1, 9)}))
    assert dashboard.rate.value == 0.05
    dashboard.wait()
    assert rates == pytest.approx([0.05, 0.05, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001])
    assert dashboard.rate.value == pytest.approx(0.0001)  # follows the scheduler
    dashboard.rate.value = 0.02  # and then back before any batch used it
    assert "0.02 from the next batch on" in dashboard.caption.value
    dashboard.rate.value = 0.0001
    assert dashboard._wish is None and "from the next batch on" not in dashboard.caption.value


def test_parameter_groups_keep_their_proportions(path):
    model = make_model()
    groups = [{"params": model[0].parameters(), "lr": 0.01}, {"params": model[4].parameters(), "lr": 0.1}]
    optimizer = torch.optim.SGD(groups)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5)
    dashboard = train_with_dashboard(model, make_loaders(), Criterion(), optimizer, scheduler, 1, CPU, path)
    dashboard.rate.value = 0.002
    dashboard.wait()
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([0.002, 0.02])


def test_a_schedule_goes_on_from_the_learning_rate_that_was_chosen(path):
    model = make_model()
    parts = helpers.build_optimizer(model, epochs=4, lr=0.01)  # the second epoch has the most, 0.85 of it
    dashboard = train_with_dashboard(model, make_loaders(), Criterion(), *parts, 1, CPU, path)
    dashboard.rate.value = 0.001
    dashboard.wait()
    assert parts[0].param_groups[0]["lr"] == pytest.approx(0.002 * 0.8536, rel=1e-3)  # it began with 0.005


def test_error_is_shown_and_raised_and_start_works_again(path, capfd):
    def fail():
        raise ValueError("a <bad> picture")

    dashboard = make(path, criterion=Criterion(n6=fail))
    with pytest.raises(ValueError, match="a <bad> picture") as caught:
        dashboard.wait()
    assert "fail" in [entry.name for entry in caught.traceback]
    assert "Error in epoch 2: ValueError: a &lt;bad&gt; picture. Complete epochs: 1." in dashboard.caption.value
    assert enabled(dashboard) == ["Continue", "Begin anew"]
    click(dashboard, "Continue")
    assert len(dashboard.wait()["val_loss"]) == 2
    assert capfd.readouterr() == ("", "")


def test_where_nothing_can_be_written_it_goes_on_in_memory_and_says_so(path, monkeypatch):
    path.mkdir()  # in the way
    dashboard = make(path, epochs=2)
    (path / "x").touch()
    monkeypatch.setattr(module.Training, "_read_file", lambda self: "ready")
    dashboard = make(path, epochs=2)
    history = dashboard.wait()
    assert dashboard.state == "done" and len(history["val_loss"]) == 2
    assert "Not saved: " in dashboard.caption.value and "kept in memory" in dashboard.caption.value
    assert helpers.load_checkpoint(path, make_model())[0] == history


def test_a_loss_that_is_no_number_replaces_no_file(path):
    make(path).wait()
    before = path.read_bytes()
    dashboard = make(path, epochs=3, criterion=lambda logits, labels: nn.functional.cross_entropy(logits, labels) * nan)
    dashboard.wait()
    assert "Not saved: the loss is no number any more. " in dashboard.caption.value and path.read_bytes() == before


@pytest.mark.parametrize("batch_has_ended", [False, True])
def test_second_start_is_refused_in_words(path, batch_has_ended):
    """The answer stands, whether the thread speaks after it (as it does when its batch ends) or before."""
    again = []

    def run_cell_again():  # with new objects
        again.append(make(path))

    first = make(path, criterion=Criterion(n2=lambda: (first.pause(), batch_has_ended or run_cell_again())))
    first.start()
    until_paused(first)
    if batch_has_ended:
        run_cell_again()
    assert again == [first]
    assert "begun before" in first.caption.value and "Paused in epoch 1" in first.caption.value
    assert len(threads()) == 1
    first.start()
    assert "begun before" not in first.caption.value
    first.start()
    assert first.wait() and first.criterion.count == 2 * BATCHES
    newer = make(path, epochs=3)
    assert newer is not first and newer.done == 2
    first.epochs = 3
    first.start()
    assert "newer dashboard" in first.caption.value and first.state == "done"


def test_same_objects_with_more_epochs_go_on(path):
    dashboard = make(path)
    dashboard.wait()
    parts = dashboard.model, make_loaders(), Criterion(), *dashboard.parts[1:]
    assert train_with_dashboard(*parts, 3, CPU, path) is dashboard
    assert enabled(dashboard) == ["Continue", "Begin anew"]
    assert len(train_with_dashboard(*parts, 3, CPU, path).wait()["val_loss"]) == 2  # not by itself
    dashboard.start()
    assert len(dashboard.wait()["val_loss"]) == 3


def test_reopened_checkpoint_goes_on_to_the_same_result(path):
    make(path, step_size=2).wait()
    newest.clear()  # as in a new kernel
    dashboard = make(path, epochs=4, step_size=2)
    assert "run.pt was found: 2 of 4 epochs are done." in dashboard.caption.value
    assert "After epoch 2: train loss" in dashboard.picture.value
    assert dashboard.rate.value == pytest.approx(0.005)
    assert enabled(dashboard) == ["Continue", "Begin anew"]
    model, history = fit(4, step_size=2)
    assert dashboard.wait() == history
    assert_same(dashboard.model, model)
    newest.clear()
    assert make(path, epochs=4).state == "done"


def test_begin_anew_restores_and_keeps_the_file(path):
    dashboard = make(path)
    dashboard.wait()
    dashboard.rate.value = 0.7
    click(dashboard, "Begin anew")
    assert_same(dashboard.model, make_model())
    assert (dashboard.state, dashboard.done, dashboard.rate.value) == ("ready", 0, 0.05)
    assert not path.exists() and path.with_name("run.before.pt").exists()
    assert dashboard.wait() == fit()[1]
    assert_same(dashboard.model, fit()[0])


@pytest.mark.parametrize(
    "spoil, reason",
    [
        (lambda path: path.write_bytes(path.read_bytes()[:2000]), "its end is missing"),
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: path.write_bytes(b"no checkpoint at all"), "it is no checkpoint"),
        (lambda path: torch.save({"some": "thing"}, path), "another program wrote it"),
        (lambda path: make(path, model=make_model(width=5)).wait(), "its network has other layers"),
        (
            lambda path: make(path, loaders=with_classes("cats", "dogs")).wait(),
            "its classes are cats, dogs, and here they are",
        ),
    ],
)
def test_checkpoint_that_cannot_be_used(path, spoil, reason):
    if "make" not in spoil.__code__.co_names:
        make(path).wait()
    spoil(path)
    content = path.read_bytes()
    newest.clear()
    dashboard = make(path)
    assert reason in dashboard.caption.value and "Begin anew" in dashboard.caption.value
    assert enabled(dashboard) == ["Begin anew"]
    with pytest.raises(RuntimeError, match="run.pt (cannot be read|has no|does not fit).*Begin anew"):
        dashboard.wait()
    dashboard.start()
    assert path.read_bytes() == content and dashboard.state == "broken"
    assert_same(dashboard.model, make_model())  # nothing of the file is left in it
    click(dashboard, "Begin anew")
    assert path.with_name("run.before.pt").read_bytes() == content
    assert dashboard.wait() == fit()[1]


def with_classes(*names):
    loaders = make_loaders()
    loaders["train"].dataset.classes = list(names)
    return loaders


@pytest.fixture
def interruptible():
    """Ctrl + C reaches this process, also where it was started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_interrupt_in_wait_stops_kindly(path, interruptible):
    def interrupt():
        _thread.interrupt_main()
        until(lambda: dashboard.state == "stopping", dashboard)

    dashboard = make(path, epochs=1000, criterion=Criterion(n9=interrupt))
    history = dashboard.wait()
    assert dashboard.state == "stopped" and len(history["val_loss"]) == 2


def test_buttons_rest_while_a_cell_waits(path):
    seen = []
    dashboard = make(path, criterion=Criterion(n2=lambda: (dashboard._show(), seen.append(enabled(dashboard)))))
    dashboard.wait()
    assert seen == [[]] and enabled(dashboard) == ["Begin anew"] and not dashboard.rate.disabled


def test_wait_goes_on_when_paused(path):
    dashboard = make(path, criterion=Criterion(n2=lambda: dashboard.pause()))
    dashboard.start()
    until_paused(dashboard)
    assert len(dashboard.wait()["val_loss"]) == 2


def test_a_late_pause_does_not_hang_a_cell_that_waits(path):
    """The click came before the cell, and is told after it has begun to wait: no button could take it back."""
    dashboard = make(path, criterion=Criterion(n2=lambda: dashboard.pause()))
    assert len(dashboard.wait()["val_loss"]) == 2


def test_nothing_changes_while_it_is_being_shown(path):
    dashboard = make(path, epochs=50)
    dashboard.start()
    until(lambda: dashboard.done, dashboard)
    for _ in range(20):
        with dashboard._lock:  # as _show does
            before = copy.deepcopy((dashboard._seen, dashboard.history, dashboard._curve))
            time.sleep(0.01)  # time for the thread to change something in, if it did
            assert before == (dashboard._seen, dashboard.history, dashboard._curve)


def test_a_training_needs_no_widgets(path):
    model = make_model()
    optimizer, scheduler = build_optimizer(model)
    training = Training(model, make_loaders(), Criterion(), optimizer, scheduler, 2, CPU, path, 0)
    assert training.wait() == fit()[1]
    assert "ipywidgets" not in vars(training_thread) and not isinstance(training, module.LivePicture)


def test_most_wrong_pictures(path, monkeypatch):
    monkeypatch.setattr(module, "_draw_wrong", DRAW_WRONG)
    dashboard = make(path)
    dashboard.wait()
    x, y = make_loaders()["val"].dataset.tensors
    with torch.no_grad():
        logits = copy.deepcopy(dashboard.model).eval()(x)
    losses = nn.functional.cross_entropy(logits, y, reduction="none")
    order = losses.argsort(descending=True)[:6]
    assert [one[0] for one in dashboard.most_wrong] == pytest.approx(losses[order].tolist(), abs=1e-5)
    assert [one[1:3] for one in dashboard.most_wrong] == list(
        zip(y[order].tolist(), logits.argmax(1)[order].tolist(), strict=True)
    )
    assert all(torch.equal(one[3], x[i]) for one, i in zip(dashboard.most_wrong, order, strict=True))
    first = f"{['ants', 'bees'][y[order[0]]]}, loss {losses[order[0]]:.2f}, answered"
    assert f'alt="The most wrong validation pictures after epoch 2: {first}' in dashboard.wrong.value


def test_one_button_stands_out(path):
    seen = []
    dashboard = make(path, criterion=Criterion(n2=lambda: (seen.append(primary(dashboard)), dashboard.pause())))
    assert primary(dashboard) == ["Start"]
    click(dashboard, "Start")
    until_paused(dashboard)
    assert seen == [["Pause"]] and primary(dashboard) == ["Continue"]
    click(dashboard, "Stop")
    until(lambda: dashboard.state == "stopped", dashboard)
    assert primary(dashboard) == ["Continue"]
    dashboard.criterion.at[3] = lambda: (dashboard._show(), seen.append(primary(dashboard)))
    dashboard.begin_anew()
    dashboard.wait()
    assert seen[1] == primary(dashboard) == []  # none can be clicked while a cell waits, nothing follows the end


def test_progress_in_a_bar_and_in_words(path):
    dashboard = make(path, criterion=Criterion(n6=lambda: dashboard.pause()))
    assert (dashboard.progress.value, dashboard.progress.description) == (0, "0 of 2 epochs")
    dashboard.start()
    until_paused(dashboard)
    assert dashboard.progress.value / dashboard.progress.max == (1 + 0.25) / 2
    assert dashboard.progress.description == "1 of 2 epochs"
    assert 'role="status"' in dashboard.caption.value
    dashboard.criterion.at[7] = lambda: (dashboard._show(), seen.append(dashboard.caption.value))
    seen = []
    dashboard.wait()
    assert "Epoch 2 of 2" in seen[0] and "role" not in seen[0]  # it would be spoken after every batch
    assert dashboard.progress.value == dashboard.progress.max == 2


def test_pictures_find_their_place_kept(path, monkeypatch):
    monkeypatch.undo()
    dashboard = make(path, epochs=1)

    def sizes():
        return [
            re.findall(r'width="(\d+)" height="(\d+)"', part.value) for part in (dashboard.picture, dashboard.wrong)
        ]

    assert "none yet" in dashboard.wrong.value
    loss, accuracy = module._draw_curves(dashboard).axes
    assert [text.get_text() for text in loss.texts] == ["Press ▶ Start"] and list(loss.get_yticks()) == []
    before = sizes()
    dashboard.wait()
    assert "none yet" not in dashboard.wrong.value and sizes() == before and all(before)
    loss, accuracy = module._draw_curves(dashboard).axes
    assert list(loss.texts) == [] and len(loss.get_yticks()) > 2


def test_names_and_text_alternatives(path, monkeypatch):
    monkeypatch.undo()
    dashboard = make(path, epochs=1)
    assert len(repr(dashboard)) < 100 and "next cell" in repr(dashboard)
    assert "bricks-explorer" in dashboard._dom_classes
    assert dashboard.rate.description == "learning rate"
    assert list(dashboard.buttons) == ["Start", "Pause", "Continue", "Stop", "Begin anew"]
    assert all(button.description == name and button.tooltip for name, button in dashboard.buttons.items())
    assert all(button.icon for button in dashboard.buttons.values())
    assert dashboard.children.index(dashboard.caption) < dashboard.children.index(dashboard.picture)
    history = dashboard.wait()
    alt = dashboard.picture.value.split('alt="')[1].split('"')[0]
    assert f"val loss {history['val_loss'][0]:.2f}, accuracy {history['val_accuracy'][0]:.2f}" in alt
    assert "aria-label" in dashboard.picture.value.split("onload=")[1]


def test_subset_and_list_as_loaders(path):
    loaders = make_loaders()
    few = Subset(loaders["train"].dataset, range(10))
    loaders = {"train": DataLoader(few, BATCH), "val": list(DataLoader(few, BATCH))}  # the last batch is smaller
    dashboard = make(path, loaders=loaders)
    assert dashboard.classes == ["ants", "bees"] and dashboard.wait()


def test_a_picture_that_cannot_be_drawn_ends_nothing(path, monkeypatch):
    monkeypatch.setattr(module, "_draw_curves", lambda dashboard: 1 / 0)
    dashboard = make(path, epochs=1)
    dashboard.wait()
    assert dashboard.state == "done" and "No picture: ZeroDivisionError" in dashboard.caption.value


@pytest.mark.parametrize("seconds, pause", [(0.01, 1), (2, 30)])
def test_drawing_takes_little_of_the_time(path, monkeypatch, seconds, pause):
    """While training, the next picture waits fifteen times as long as the last one took, and a second at least."""
    clock, drawn = [100.0], []

    def draw(_):
        clock[0] += seconds
        drawn.append(clock[0])
        return Figure((1, 1))

    monkeypatch.setattr(module, "_draw_curves", draw)
    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    dashboard = make(path, epochs=1)
    for _ in range(70):  # batches of half a second
        clock[0] += 0.5
        dashboard._show(at_once=False)
    pauses = [later - seconds - earlier for earlier, later in itertools.pairwise(drawn)]
    assert pauses and all(pause < one <= pause + 1 for one in pauses)
