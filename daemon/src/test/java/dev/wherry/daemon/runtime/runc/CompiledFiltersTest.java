package dev.wherry.daemon.runtime.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.runtime.spec.RuntimeSpec;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Seccomp;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A filter must never be taken for the one of another profile. */
class CompiledFiltersTest {

    private static final Path CRUN = Path.of("/usr/bin/crun");

    @TempDir
    Path state;

    private final CompiledFilters filters = new CompiledFilters();

    private static Seccomp profile(String call) {
        return new Seccomp(
                "SCMP_ACT_ERRNO",
                1,
                List.of("SCMP_ARCH_X86_64"),
                List.of(new SystemCalls(List.of(call), "SCMP_ACT_ALLOW", null, null)));
    }

    private static RuntimeSpec spec(Seccomp profile, Map<String, String> annotations) {
        return new RuntimeSpec(
                "1.0.2",
                null,
                null,
                null,
                List.of(),
                annotations,
                null,
                new RuntimeSpec.Linux(
                        null, null, "", List.of(), null, null, List.of(), profile, null, List.of(), List.of()));
    }

    private void compile(String status) throws IOException {
        Files.createFile(state.resolve(status));
        Files.writeString(state.resolve("seccomp.bpf"), "code");
    }

    @Test
    void filterOfAProfileIsKnownOnceItsProgramHasCompiledIt() throws IOException {
        compile("status");

        filters.learn(CRUN, spec(profile("read"), Map.of(RuntimeSpec.CRUN_SUBGROUP, "")), state);

        assertThat(filters.of(CRUN, profile("read"))).contains("Y29kZQ==");
        assertThat(filters.of(CRUN, profile("write"))).isEmpty();
        assertThat(filters.of(Path.of("/usr/local/bin/crun"), profile("read"))).isEmpty();
    }

    @Test
    void containerThatTellsCrunWhatToDoTeachesNothing() throws IOException {
        compile("status");

        filters.learn(CRUN, spec(profile("read"), Map.of(CompiledFilters.ANNOTATION, "AAAA")), state);
        filters.learn(CRUN, spec(profile("read"), Map.of("run.oci.seccomp_fail_unknown_syscall", "1")), state);

        assertThat(filters.of(CRUN, profile("read"))).isEmpty();
    }

    @Test
    void otherRuntimesTeachNothing() throws IOException {
        compile("state.json");

        filters.learn(Path.of("/usr/sbin/runc"), spec(profile("read"), Map.of()), state);

        assertThat(filters.of(Path.of("/usr/sbin/runc"), profile("read"))).isEmpty();
    }

    @Test
    void containerWithoutAProfileTeachesNothing() throws IOException {
        compile("status");

        filters.learn(CRUN, spec(null, Map.of()), state);

        assertThat(filters.of(CRUN, profile("read"))).isEmpty();
    }
}
