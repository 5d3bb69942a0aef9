package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.push.PushProgress;
import dev.wherry.daemon.image.push.PushResult;
import dev.wherry.daemon.image.push.Pusher;
import dev.wherry.daemon.registry.Registries;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pushes what a solve has built, as steps of it. */
@Singleton
final class SolvePush {

    /** Above the numbers of a build's own steps. */
    private static final int FIRST_STEP = 1_000_000;

    private static final int SHORT = 12;

    private final Pusher pusher;
    private final Registries registries;

    SolvePush(Pusher pusher, Registries registries) {
        this.pusher = pusher;
        this.registries = registries;
    }

    /** What the registries have then, in the order of the names. */
    List<PushResult> push(List<Reference> names, BuildClient client, ProgressReport report) {
        List<PushResult> results = new ArrayList<>();
        for (Reference name : names) {
            results.add(push(name, FIRST_STEP + results.size(), client, report));
        }
        return results;
    }

    private PushResult push(Reference name, int step, BuildClient client, ProgressReport report) {
        report.started(step, "pushing " + name, false);
        long start = System.nanoTime();
        try {
            PushResult result = pusher.push(
                    name,
                    Optional.empty(),
                    client.logins(registries.hosts(name.repositoryName())),
                    (layer, phase, current, total, _) -> tell(step, layer, phase, current, total, report));
            report.ended(step, Duration.ofNanos(System.nanoTime() - start), Optional.empty());
            return result;
        } catch (WherryException failure) {
            report.ended(step, Duration.ofNanos(System.nanoTime() - start), Optional.of(failure.getMessage()));
            throw failure;
        }
    }

    private static void tell(
            int step, Digest layer, PushProgress.Phase phase, long current, long total, ProgressReport report) {
        if (phase == PushProgress.Phase.PUSHING) {
            report.transferred(step, "pushing layer " + layer.hex().substring(0, SHORT), current, total);
        }
    }
}
