package dev.wherry.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostToolsTest {

    private static final HostTool CONMON = there("conmon");

    private static HostTool there(String name) {
        return new HostTool(name, Optional.of(Path.of("/usr/bin", name)), name + " 1.0", "");
    }

    private static HostTool missing(String name) {
        return new HostTool(name, Optional.empty(), "", name + " is missing");
    }

    @Test
    void runtimesThatAreThereAreListed() {
        List<HostTool> all = List.of(there("runc"), there("crun"), CONMON);

        assertThat(HostTools.withoutOtherRuntimes(all)).isEqualTo(all);
    }

    @Test
    void oneRuntimeIsEnough() {
        assertThat(HostTools.withoutOtherRuntimes(List.of(there("runc"), missing("crun"), CONMON)))
                .containsExactly(there("runc"), CONMON);
        assertThat(HostTools.withoutOtherRuntimes(List.of(missing("runc"), there("crun"), CONMON)))
                .containsExactly(there("crun"), CONMON);
    }

    @Test
    void withoutAnyTheUsualOneIsMissing() {
        assertThat(HostTools.withoutOtherRuntimes(List.of(missing("runc"), missing("crun"), CONMON)))
                .containsExactly(missing("runc"), CONMON);
    }
}
