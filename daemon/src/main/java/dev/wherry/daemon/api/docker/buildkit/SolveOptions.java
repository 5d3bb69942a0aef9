package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.daemon.builder.BuildOptions;
import dev.wherry.daemon.builder.BuildRequest;
import dev.wherry.daemon.builder.CacheOptions;
import dev.wherry.daemon.builder.ExplainOptions;
import dev.wherry.daemon.builder.attest.AttestationOptions;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import dev.wherry.daemon.builder.context.ContextSource;
import dev.wherry.daemon.builder.export.OutputOptions;
import dev.wherry.daemon.builder.plan.SourceDate;
import dev.wherry.daemon.builder.run.RunNetwork;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import dev.wherry.daemon.runtime.spec.Ulimits;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a solve asks of the builder, by the attributes of BuildKit's frontend for Dockerfiles. */
final class SolveOptions {

    private static final Pattern ULIMIT = Pattern.compile("([a-z]+)=(-1|[0-9]{1,18})(?::(-1|[0-9]{1,18}))?");

    private SolveOptions() {}

    static BuildRequest request(
            SolveRequest request,
            Attributes options,
            SolveContexts contexts,
            ExporterOptions exports,
            List<CacheTarget> caches) {
        return new BuildRequest(
                new BuildOptions(
                        options.text("filename").orElse("Dockerfile"),
                        contexts.dockerfileContent(),
                        options.text("target"),
                        options.below("build-arg:"),
                        Platform.parseAll(options.text("platform").orElse("")),
                        cache(request, options, contexts, caches),
                        run(request, options),
                        new OutputOptions(
                                List.of(),
                                options.below("label:"),
                                exports.outputs(),
                                exports.annotations(),
                                SourceDate.asked(exports.rewriteTimestamp(), false),
                                false,
                                attestations(options)),
                        new ExplainOptions(false, name(contexts.source()), Optional.of(request.getRef()))),
                contexts.source(),
                contexts.named());
    }

    private static Optional<String> name(ContextSource.Files context) {
        return switch (context) {
            case ContextSource.Directory(var directory) ->
                Optional.of(directory.path().toString());
            case ContextSource.Address(String url) -> Optional.of(url);
            case ContextSource.Archive _, ContextSource.Nothing _ -> Optional.empty();
        };
    }

    private static CacheOptions cache(
            SolveRequest request, Attributes options, SolveContexts contexts, List<CacheTarget> caches) {
        return new CacheOptions(
                options.has("no-cache") && options.text("no-cache").isEmpty(),
                options.list("no-cache"),
                options.text("image-resolve-mode").map("pull"::equals).orElse(false),
                CacheAttributes.sources(request, options, contexts::cache),
                caches);
    }

    private static RunOptions run(SolveRequest request, Attributes options) {
        List<Limit> limits =
                options.list("ulimit").stream().map(SolveOptions::limit).toList();
        Ulimits.check(limits);
        return new RunOptions(
                RunNetwork.parse(options.text("force-network-mode").orElse("")),
                options.list("add-hosts").stream()
                        .map(host -> ExtraHost.parse(host.replaceFirst("=", ":")))
                        .toList(),
                options.bytes("shm-size"),
                limits,
                entitlements(request),
                false);
    }

    /** Some clients write what an entitlement is limited to behind it. */
    private static Set<String> entitlements(SolveRequest request) {
        Set<String> allowed = new HashSet<>();
        for (String entitlement : request.getEntitlementsList()) {
            boolean device = entitlement.startsWith(RunOptions.DEVICE);
            allowed.add(device ? entitlement : entitlement.replaceFirst("=.*", ""));
        }
        return allowed;
    }

    private static Limit limit(String text) {
        Matcher parts = ULIMIT.matcher(text);
        if (!parts.matches()) {
            throw new InvalidInputException("invalid value for ulimit: \"" + text + "\" is not NAME=SOFT:HARD");
        }
        long soft = Long.parseLong(parts.group(2));
        return new Limit(parts.group(1), soft, parts.group(3) == null ? soft : Long.parseLong(parts.group(3)));
    }

    /** buildx asks for a provenance by itself, for where it costs nothing; that one is not asked for by anybody. */
    private static AttestationOptions attestations(Attributes options) {
        AttestationOptions all = AttestationOptions.NONE;
        for (Map.Entry<String, String> attestation : options.below("attest:").entrySet()) {
            Map<String, String> attributes = new LinkedHashMap<>();
            Arrays.stream(attestation.getValue().split(","))
                    .filter(part -> !part.isEmpty())
                    .map(part -> part.split("=", 2))
                    .forEach(part -> attributes.put(part[0], part.length > 1 ? part[1] : "true"));
            if (!"true".equals(attributes.remove("inline-only"))) {
                attributes.remove("type");
                all = all.with(attestation.getKey(), attributes);
            }
        }
        return all;
    }
}
