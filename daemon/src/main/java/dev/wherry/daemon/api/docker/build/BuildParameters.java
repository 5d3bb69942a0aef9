package dev.wherry.daemon.api.docker.build;

import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.api.docker.http.Parameters;
import dev.wherry.daemon.builder.BuildOptions;
import dev.wherry.daemon.builder.BuildRequest;
import dev.wherry.daemon.builder.CacheOptions;
import dev.wherry.daemon.builder.ExplainOptions;
import dev.wherry.daemon.builder.attest.AttestationOptions;
import dev.wherry.daemon.builder.context.ContextSource;
import dev.wherry.daemon.builder.export.Output;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/** What the parameters of a build ask for. Limits of its processes' memory and CPU mean nothing here. */
final class BuildParameters {

    private BuildParameters() {}

    /** @param hasImage whether an image has a name here */
    static BuildRequest request(Parameters asked, Predicate<String> hasImage) {
        String remote = asked.text("remote");
        ContextSource.Files context = remote.isEmpty() || remote.equals("client-session")
                ? new ContextSource.Archive()
                : new ContextSource.Address(remote);
        return new BuildRequest(options(asked, hasImage), context, List.of());
    }

    private static BuildOptions options(Parameters asked, Predicate<String> hasImage) {
        String dockerfile = asked.text("dockerfile");
        String target = asked.text("target");
        return new BuildOptions(
                dockerfile.isEmpty() ? "Dockerfile" : dockerfile,
                Optional.empty(),
                target.isEmpty() ? Optional.empty() : Optional.of(target),
                arguments(asked),
                Platform.parseAll(asked.text("platform")),
                new CacheOptions(
                        asked.flag("nocache") || hasNoCache(asked, hasImage),
                        List.of(),
                        asked.flag("pull"),
                        List.of(),
                        List.of()),
                run(asked),
                new OutputOptions(
                        asked.texts("t").stream().filter(tag -> !tag.isEmpty()).toList(),
                        json(asked, "labels").map("value"),
                        List.of(new Output.Image(List.of())),
                        Map.of(),
                        SourceDate.NONE,
                        false,
                        AttestationOptions.NONE),
                ExplainOptions.DEFAULT);
    }

    /** A build that names images as its cache uses no other; what made an image that is here is in the cache. */
    private static boolean hasNoCache(Parameters asked, Predicate<String> hasImage) {
        List<String> images = json(asked, "cachefrom").texts("value");
        return !images.isEmpty() && images.stream().noneMatch(hasImage);
    }

    /** The value of a parameter that is JSON, as the field "value". */
    private static JsonBody json(Parameters asked, String name) {
        String text = asked.text(name);
        try {
            return JsonBody.parse(text.isEmpty() ? "" : "{\"value\":" + text + "}");
        } catch (InvalidInputException malformed) {
            throw new InvalidInputException("invalid value for " + name + ": " + malformed.getMessage()).in(name);
        }
    }

    /** An argument without a value has the one of its default. */
    private static Map<String, String> arguments(Parameters asked) {
        JsonBody values = json(asked, "buildargs").object("value");
        Map<String, String> arguments = new LinkedHashMap<>();
        values.names().stream().filter(values::has).forEach(name -> arguments.put(name, values.text(name)));
        return arguments;
    }

    private static RunOptions run(Parameters asked) {
        String shm = asked.text("shmsize");
        List<Limit> limits = json(asked, "ulimits").objects("value").stream()
                .map(limit -> new Limit(limit.text("Name"), limit.number("Soft"), limit.number("Hard")))
                .toList();
        Ulimits.check(limits);
        return new RunOptions(
                RunNetwork.parseWithNetworks(asked.text("networkmode")),
                asked.texts("extrahosts").stream()
                        .flatMap(hosts -> Arrays.stream(hosts.split(",")))
                        .filter(host -> !host.isEmpty())
                        .map(ExtraHost::parse)
                        .toList(),
                shm.matches("[1-9][0-9]{0,17}") ? OptionalLong.of(Long.parseLong(shm)) : OptionalLong.empty(),
                limits,
                Set.of(),
                false);
    }
}
