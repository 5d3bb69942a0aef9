package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.explain.BuildEntry.Status;
import dev.wherry.daemon.builder.explain.Recording;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import java.util.List;
import java.util.Optional;

/** What the history says of a build: what was built, and how it ended. */
final class HistoryRecorder {

    private HistoryRecorder() {}

    static Recording.Project project(BuildContext context, BuildOptions options) {
        Optional<String> name = options.explain().contextName();
        String target = options.target().orElse("");
        // What is sent for one build alone has nothing but its tags to know it by.
        String id = context.origin() == BuildContext.Origin.FETCHED || name.isEmpty()
                ? name.orElse("") + " tags " + String.join(" ", options.output().tags())
                : "context " + context.root();
        return new Recording.Project(
                Digest.sha256(id + "\n" + options.dockerfile()).hex(),
                name(name.orElse("-"), options.dockerfile(), target),
                name.orElse(""),
                options.dockerfile(),
                target);
    }

    private static String name(String context, String dockerfile, String target) {
        String folder = context.substring(context.lastIndexOf('/') + 1);
        String file =
                dockerfile.equals("Dockerfile") ? "" : "/" + dockerfile.substring(dockerfile.lastIndexOf('/') + 1);
        return folder + file + (target.isEmpty() ? "" : " (" + target + ")");
    }

    static void completed(Recording recording, BuildResult result) {
        recording.settle();
        recording.end(
                Status.COMPLETED,
                result.product().image().map(image -> image.id().toString()).orElse(""),
                result.tags(),
                result.cachedSteps(),
                result.steps(),
                "");
    }

    static void failed(Recording recording, RuntimeException failure) {
        boolean cancelled = failure instanceof CancelledException;
        if (!cancelled) {
            recording.settle();
        }
        recording.end(
                cancelled ? Status.CANCELLED : Status.FAILED,
                "",
                List.of(),
                0,
                0,
                String.valueOf(failure.getMessage()));
    }
}
