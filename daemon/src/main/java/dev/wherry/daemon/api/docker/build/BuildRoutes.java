package dev.wherry.daemon.api.docker.build;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.Parameters;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.docker.image.ProgressLines;
import dev.wherry.daemon.api.docker.image.RegistryAuth;
import dev.wherry.daemon.builder.BuildRequest;
import dev.wherry.daemon.builder.BuildSession;
import dev.wherry.daemon.builder.Builder;
import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheFilter;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.builder.cache.PruneOptions;
import dev.wherry.daemon.builder.export.NoOutputs;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.ImageStore;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Builds, and what of their cache is kept. */
@Singleton
final class BuildRoutes implements RouteSource {

    private static final String BUILDKIT = "2";

    private final Builder builder;
    private final CacheUsage cache;
    private final ImageStore images;

    BuildRoutes(Builder builder, CacheUsage cache, ImageStore images) {
        this.builder = builder;
        this.cache = cache;
        this.images = images;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("POST", "/build", "BuildService/Build", this::build)
                .add("POST", "/build/prune", "BuildService/PruneCache", this::prune);
    }

    private void build(Exchange call) throws Exception {
        Parameters asked = call.parameters();
        if (asked.text("version").equals(BUILDKIT)) {
            refuse(call);
        }
        SentContext context = new SentContext(Caller.current(), call.body());
        ProgressLines lines = new ProgressLines(call);
        BuildRequest request = BuildParameters.request(asked, this::isImage);
        BuildLines progress = new BuildLines(
                lines, asked.flag("q"), !request.options().cache().noCache());
        BuildSession session =
                builder.session(request, _ -> context, new HeaderLogins(RegistryAuth.all(call)), progress);
        lines.of(() -> {
            try {
                progress.finish(session.build(NoOutputs.INSTANCE));
            } catch (BuildException failure) {
                progress.fail(failure);
            }
        });
    }

    private boolean isImage(String name) {
        try {
            images.resolve(name);
            return true;
        } catch (NotFoundException | InvalidInputException none) {
            return false;
        }
    }

    private static void refuse(Exchange call) {
        throw new UnsupportedException(
                "a build of version 2 does not come by /build: leave version=2 out, or build with docker buildx");
    }

    private void prune(Exchange call) {
        Parameters asked = call.parameters();
        CacheUsage.Pruned pruned = cache.prune(new PruneOptions(
                asked.flag("all"),
                CacheFilter.of(asked.filters()),
                new PruneOptions.Limits(
                        bytes(asked, "reserved-space", () -> bytes(asked, "keep-storage", () -> 0L)),
                        bytes(asked, "max-used-space", () -> 0L),
                        bytes(asked, "min-free-space", () -> 0L))));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode deleted = answer.putArray("CachesDeleted");
        pruned.removed().stream().map(CacheEntry::id).forEach(deleted::add);
        call.json(200, answer.put("SpaceReclaimed", pruned.bytes()));
    }

    private static long bytes(Parameters asked, String name, Supplier<Long> otherwise) {
        String text = asked.text(name);
        if (text.isEmpty()) {
            return otherwise.get();
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException wrong) {
            throw new InvalidInputException("invalid value for " + name + ": \"" + text + "\" is not a number")
                    .in(name);
        }
    }
}
