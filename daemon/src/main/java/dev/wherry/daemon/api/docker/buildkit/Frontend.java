package dev.wherry.daemon.api.docker.buildkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.ByteString;
import dev.wherry.buildkit.gateway.Ref;
import dev.wherry.buildkit.gateway.Result;
import dev.wherry.buildkit.ops.Definition;
import dev.wherry.daemon.api.docker.buildkit.session.ClientSession;
import dev.wherry.daemon.api.docker.buildkit.session.ClientSessions;
import dev.wherry.daemon.api.docker.buildkit.session.SessionClient;
import dev.wherry.daemon.api.docker.buildkit.session.SessionOutputs;
import dev.wherry.daemon.builder.BuildResult;
import dev.wherry.daemon.builder.BuildSession;
import dev.wherry.daemon.builder.Builder;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import dev.wherry.daemon.builder.export.NoOutputs;
import dev.wherry.daemon.builder.export.Output;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.push.PushResult;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Builds Dockerfiles for clients of BuildKit, by Wherry's own builder. */
@Singleton
final class Frontend {

    private static final String DOCKERFILE = "dockerfile.v0";

    /** A frontend that is an image; those for Dockerfiles do what this one does. */
    private static final String GATEWAY = "gateway.v0";

    /** Where images are called something for as long as another build needs them. */
    private static final String PASSING = "build.wherry.internal/";

    private final Builder builder;
    private final ClientSessions sessions;
    private final Solves solves;
    private final ImageStore images;
    private final SolvePush pushes;
    private final Subrequests subrequests = new Subrequests();

    Frontend(Builder builder, ClientSessions sessions, Solves solves, ImageStore images, SolvePush pushes) {
        this.builder = builder;
        this.sessions = sessions;
        this.solves = solves;
        this.images = images;
        this.pushes = pushes;
    }

    /** @throws UnsupportedException when a frontend is none for Dockerfiles */
    private static void require(String frontend, Attributes options) {
        boolean dockerfile = frontend.equals(DOCKERFILE)
                || frontend.equals(GATEWAY)
                        && options.text("source")
                                .filter(source -> source.contains("docker/dockerfile"))
                                .isPresent();
        if (!dockerfile) {
            throw new UnsupportedException("the frontend \""
                    + options.text("source").orElse(frontend) + "\" is not supported: wherryd builds Dockerfiles");
        }
    }

    /**
     * Does what a client asks of the frontend.
     *
     * @param inputs results of other builds, by their names
     */
    Result solve(Solve solve, String frontend, Map<String, String> attributes, Map<String, Definition> inputs)
            throws InterruptedException {
        Attributes options = new Attributes(attributes);
        require(frontend, options);
        String id = solve.request().getSession();
        Optional<ClientSession> session = id.isEmpty() ? Optional.empty() : Optional.of(sessions.await(id));
        BuildClient client = session.<BuildClient>map(SessionClient::new).orElse(BuildClient.NONE);
        try (SolveContexts contexts =
                new SolveContexts(sessions, session, options, name -> input(solve, name, inputs))) {
            Optional<String> question = options.text("requestid");
            if (question.isPresent()) {
                ExporterOptions nothing = ExporterOptions.only(new Output.Nothing());
                return subrequests.answer(
                        question.get(),
                        solve.progress(),
                        report -> session(solve, options, contexts, nothing, List.of(), client, report));
            }
            ExporterOptions exports = ExporterOptions.of(solve.request());
            List<CacheTarget> caches = CacheAttributes.targets(solve.request(), session);
            BuildResult built =
                    build(solve, session(solve, options, contexts, exports, caches, client, solve.progress()), session);
            if (stored(exports)) {
                built.product()
                        .image()
                        .ifPresent(image -> solve.progress()
                                .exported(image.id(), built.product().names()));
            }
            List<PushResult> pushed = pushes.push(exports.pushed(), client, solve.progress());
            respond(solve, built, exports, pushed);
            // An image for several platforms is known by its name alone.
            boolean several = options.list("platform").size() > 1;
            return result(solve, built, exports, several, name -> store(solve, frontend, attributes, inputs, name));
        }
    }

    private BuildSession session(
            Solve solve,
            Attributes options,
            SolveContexts contexts,
            ExporterOptions exports,
            List<CacheTarget> caches,
            BuildClient client,
            ProgressReport report) {
        return builder.session(
                SolveOptions.request(solve.request(), options, contexts, exports, caches),
                contexts::client,
                client,
                report);
    }

    private static BuildResult build(Solve solve, BuildSession build, Optional<ClientSession> session) {
        if (session.isEmpty()) {
            return build.build(NoOutputs.INSTANCE);
        }
        try (SessionOutputs outputs = new SessionOutputs(session.get(), CacheAttributes.folders(solve.request()))) {
            BuildResult built = build.build(outputs);
            outputs.cache().ifPresent(cache -> solve.response().put("cache.manifest", json(cache)));
            return built;
        }
    }

    /** Whether the image goes to the store, and not to the client alone. */
    private static boolean stored(ExporterOptions exports) {
        return exports.outputs().stream().anyMatch(Output.Image.class::isInstance);
    }

    /** @param storing puts the image into the store under a name, for a solve that did not, or is for several platforms */
    private Result result(
            Solve solve, BuildResult built, ExporterOptions exports, boolean several, Consumer<Reference> storing) {
        Optional<ImageDraft> image = built.product().image();
        boolean stored = !several && stored(exports);
        Consumer<Reference> naming = image.filter(_ -> stored)
                .<Consumer<Reference>>map(draft -> name -> images.tag(draft.id().toString(), name))
                .orElse(storing);
        String number = solve.add(new SolveResult(naming));
        Result.Builder result = Result.newBuilder()
                .setRef(Ref.newBuilder()
                        .setId(number)
                        .setDef(SolveResult.definition(solve.request().getRef(), number)));
        image.ifPresent(draft -> result.putMetadata("containerimage.config", ByteString.copyFrom(draft.configBytes())));
        return result.build();
    }

    /** Builds once more, now for the store; all steps are in the cache. */
    private void store(
            Solve solve,
            String frontend,
            Map<String, String> attributes,
            Map<String, Definition> inputs,
            Reference name) {
        try {
            Attributes options = new Attributes(attributes);
            ClientSession session = sessions.await(solve.request().getSession());
            ExporterOptions exports = ExporterOptions.only(new Output.Image(List.of(name)));
            try (SolveContexts contexts =
                    new SolveContexts(sessions, Optional.of(session), options, word -> input(solve, word, inputs))) {
                session(
                                solve,
                                options,
                                contexts,
                                exports,
                                List.of(),
                                new SessionClient(session),
                                new SolveProgress(solve.request().getRef() + frontend, new StatusLog()))
                        .build(NoOutputs.INSTANCE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    /** The name of the image that an input stands for, as long as the build of that image is open. */
    private String input(Solve user, String name, Map<String, Definition> inputs) {
        SolveResult.Place place = Optional.ofNullable(inputs.get(name))
                .flatMap(SolveResult::place)
                .orElseThrow(
                        () -> new UnsupportedException(
                                "the build context \"" + name
                                        + "\" is a definition of BuildKit's own graph, which is not supported: name a directory, an image or an address"));
        Solve solve = solves.find(place.build())
                .orElseThrow(() -> new NotFoundException(
                        "build", place.build(), "the build that makes the context \"" + name + "\" has ended"));
        SolveResult result = solve.result(place.number())
                .orElseThrow(() -> new InvalidInputException("the context \"" + name + "\" is no result of a build"));
        Reference passing = Reference.parse(PASSING + place.build().toLowerCase(Locale.ROOT) + ":" + place.number());
        result.naming().accept(passing);
        user.onEnd(() -> forget(passing));
        return passing.toString();
    }

    private void forget(Reference passing) {
        try {
            images.remove(passing.toString(), false);
        } catch (NotFoundException gone) {
            // Another build that used it has ended first.
        }
    }

    private static void respond(Solve solve, BuildResult built, ExporterOptions exports, List<PushResult> pushed) {
        Map<String, String> response = solve.response();
        built.product().image().ifPresent(image -> {
            response.put("containerimage.config.digest", image.id().toString());
            response.put("containerimage.digest", image.id().toString());
        });
        // By its manifest an image is known to registries, and in archives.
        boolean stays = exports.outputs().stream().allMatch(Output.Image.class::isInstance);
        built.product().manifest().ifPresent(manifest -> {
            Descriptor told = pushed.isEmpty()
                    ? manifest
                    : new Descriptor(
                            manifest.mediaType(),
                            pushed.getFirst().digest(),
                            pushed.getFirst().size());
            if (!stays || !pushed.isEmpty()) {
                response.put("containerimage.digest", told.digest().toString());
            }
            response.put("containerimage.descriptor", descriptor(told));
        });
        List<Reference> names = built.product().names();
        if (!names.isEmpty()) {
            response.put(
                    "image.name",
                    String.join(",", names.stream().map(Reference::toString).toList()));
        }
    }

    private static String json(Descriptor manifest) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("mediaType", manifest.mediaType())
                .put("digest", manifest.digest().toString())
                .put("size", manifest.size())
                .toString();
    }

    private static String descriptor(Descriptor manifest) {
        return Base64.getEncoder().encodeToString(json(manifest).getBytes(StandardCharsets.UTF_8));
    }
}
