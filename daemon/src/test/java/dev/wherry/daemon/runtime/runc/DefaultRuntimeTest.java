package dev.wherry.daemon.runtime.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefaultRuntimeTest {

    private static final Optional<Path> CRUN = Optional.of(Path.of("/usr/bin/crun"));
    private static final Optional<Path> RUNC = Optional.of(Path.of("/usr/sbin/runc"));

    @Test
    void takesTheFasterOneWhereItWorks() {
        assertThat(DefaultRuntime.choose(CRUN, RUNC, _ -> Optional.empty()))
                .isEqualTo(new DefaultRuntime("crun", CRUN, "crun passed a trial run"));
    }

    @Test
    void takesTheUsualOneWhereTheFasterOneFails() {
        assertThat(DefaultRuntime.choose(CRUN, RUNC, _ -> Optional.of("cgroups in hybrid mode not supported")))
                .isEqualTo(new DefaultRuntime(
                        "runc", RUNC, "crun failed a trial run: cgroups in hybrid mode not supported"));
    }

    @Test
    void takesTheUsualOneWithoutATrialWhereThereIsNoOther() {
        assertThat(DefaultRuntime.choose(Optional.empty(), RUNC, _ -> {
                    throw new AssertionError("nothing to try");
                }))
                .isEqualTo(new DefaultRuntime("runc", RUNC, "crun is not installed"));
    }
}
