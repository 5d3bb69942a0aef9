package dev.wherry.daemon.builder;

import static dev.wherry.daemon.access.Callers.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.builder.attest.AttestationOptions;
import dev.wherry.daemon.builder.cache.remote.CacheSource;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import dev.wherry.daemon.builder.export.Output;
import dev.wherry.daemon.builder.export.OutputOptions;
import dev.wherry.daemon.builder.plan.SourceDate;
import dev.wherry.daemon.builder.run.RunNetwork;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.image.Reference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildLimitsTest {

    private static BuildOptions options(
            RunOptions run, List<String> tags, List<Reference> names, List<CacheTarget> to) {
        return options(run, new CacheOptions(false, List.of(), false, List.of(), to), tags, names);
    }

    private static BuildOptions options(RunOptions run, CacheOptions cache, List<String> tags, List<Reference> names) {
        return new BuildOptions(
                "Dockerfile",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                cache,
                run,
                new OutputOptions(
                        tags,
                        Map.of(),
                        List.of(new Output.Image(names)),
                        Map.of(),
                        SourceDate.NONE,
                        false,
                        AttestationOptions.NONE),
                ExplainOptions.DEFAULT);
    }

    private static RunOptions running(RunNetwork network, String... allowed) {
        return new RunOptions(network, List.of(), OptionalLong.empty(), List.of(), Set.of(allowed), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"security.insecure", "network.host", "device", "device=kmsg"})
    void entitlementsAreTheAdmins(String entitlement) {
        BuildOptions build = options(running(RunNetwork.DEFAULT, entitlement), List.of(), List.of(), List.of());

        assertThat(failure(Callers.operator(), () -> BuildLimits.check(build)))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage("permission denied: user 1000 has the role operator, and the entitlement " + entitlement
                        + " needs the role admin");
        BuildLimits.check(build);
    }

    @Test
    void networkOfTheHostIsTheAdmins() {
        BuildOptions build = options(running(RunNetwork.HOST), List.of(), List.of(), List.of());

        assertThat(failure(Callers.builder(), () -> BuildLimits.check(build))).isInstanceOf(ForbiddenException.class);
        BuildLimits.check(build);
    }

    @Test
    void cachesOfRegistriesAreReadFromWhereTheCallerMayPull() {
        CacheOptions caches = new CacheOptions(
                false,
                List.of(),
                false,
                List.of(new CacheSource.Registry(Reference.parse("example.com/team/cache"))),
                List.of());
        BuildOptions build = options(RunOptions.DEFAULT, caches, List.of(), List.of());

        assertThat(failure(Callers.puller("example.com/team"), () -> BuildLimits.check(build)))
                .isNull();
        assertThat(failure(Callers.puller("example.com/other"), () -> BuildLimits.check(build)))
                .isInstanceOf(ForbiddenException.class);
    }

    private static Throwable naming(String tag, String name, String cache) {
        Optional<CacheTarget> target = Optional.of(cache)
                .filter(text -> !text.isEmpty())
                .map(text -> new CacheTarget(
                        new CacheTarget.Place.Registry(Reference.parse(text)), false, null, false, false));
        BuildOptions build = options(
                RunOptions.DEFAULT,
                tag.isEmpty() ? List.of() : List.of(tag),
                name.isEmpty() ? List.of() : List.of(Reference.parse(name)),
                target.stream().toList());
        return failure(Callers.builder("example.com/team"), () -> BuildLimits.check(build));
    }

    @Test
    void namesAndCachesOfABuilderAreBelowTheirRepositories() {
        assertThat(naming("example.com/team/app:1", "example.com/team/app:2", "example.com/team/cache"))
                .isNull();
        assertThat(naming("example.com/other", "", "")).isInstanceOf(ForbiddenException.class);
        assertThat(naming("", "app", "")).isInstanceOf(ForbiddenException.class);
        assertThat(naming("", "", "example.com/other/cache")).isInstanceOf(ForbiddenException.class);
        assertThat(naming("", "", "")).isNull();
    }
}
