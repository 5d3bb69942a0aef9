package dev.wherry.daemon.runtime.runc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exit code of a failed start depends on the files of the container alone. */
class ProgramSearchTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path rootfs;
    private Path bundle;

    @BeforeEach
    void makeRootfs() throws IOException {
        rootfs = folder.resolve("rootfs");
        bundle = Files.createDirectories(folder.resolve("bundle"));
        Files.createDirectories(rootfs.resolve("usr/bin"));
        Files.createDirectories(rootfs.resolve("mnt"));
        file(rootfs.resolve("usr/bin/tool"), "rwxr-xr-x");
        file(rootfs.resolve("usr/bin/mine"), "rwx------");
        file(rootfs.resolve("usr/bin/text"), "rw-r--r--");
        link("bin", "/usr/bin");
        link("usr/bin/relative", "../bin/tool");
        link("usr/bin/broken", "/nowhere");
        link("usr/bin/loop", "loop");
        // Both are there on the host, and must not be found there.
        link("out", "/../../../../../../../../bin/sh");
        link("host", folder.resolve("outside").toString());
        file(folder.resolve("outside"), "rwxr-xr-x");
    }

    private static void file(Path file, String permissions) throws IOException {
        Files.writeString(file, "#!/bin/sh\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(rootfs.resolve(name), Path.of(target));
    }

    private Map<String, Object> process(String program, String cwd, int uid) {
        return Map.of(
                "args", List.of(program),
                "cwd", cwd,
                "env", List.of("A=b", "PATH=/nothing:/usr/bin/tool:/bin"),
                "user", Map.of("uid", uid, "gid", uid));
    }

    private int code(ProgramSearch search) {
        return search.failure()
                .map(StartException::exitCode)
                .map(code -> code.value())
                .orElse(0);
    }

    private ProgramSearch search(Map<String, Object> process, Map<String, String> binds) throws IOException {
        List<Map<String, String>> mounts = binds.entrySet().stream()
                .map(bind -> Map.of("type", "bind", "destination", bind.getKey(), "source", bind.getValue()))
                .toList();
        Map<String, Object> spec =
                Map.of("process", process, "root", Map.of("path", rootfs.toString()), "mounts", mounts);
        Files.write(bundle.resolve("config.json"), JSON.writeValueAsBytes(spec));
        return ProgramSearch.inBundle(bundle);
    }

    @ParameterizedTest
    @CsvSource({
        "tool, 0",
        "/bin/tool, 0",
        "relative, 0",
        "./tool, 0",
        "../bin/tool, 0",
        "nosuch, 127",
        "text, 127",
        "/nosuch, 127",
        "/bin/broken, 127",
        "/bin/loop, 127",
        "/host, 127",
        "/out, 127",
        "'', 127",
        "/bin, 126",
        "/bin/text, 126",
        "/bin/tool/below, 126",
        "./text, 126"
    })
    void programIsLookedUpAsTheContainerWouldSeeIt(String program, int code) throws IOException {
        assertThat(code(search(process(program, "/usr/bin", 0), Map.of()))).isEqualTo(code);
    }

    @Test
    void permissionsAreThoseOfTheUser() throws IOException {
        assertThat(code(search(process("/bin/mine", "/", 0), Map.of()))).isZero();
        assertThat(code(search(process("/bin/mine", "/", 1000), Map.of()))).isEqualTo(126);
        assertThat(code(search(process("/bin/tool", "/", 1000), Map.of()))).isZero();
    }

    @Test
    void mountsHideWhatLiesBelowThem() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        file(tools.resolve("extra"), "rwxr-xr-x");
        Map<String, String> binds = Map.of(
                "/mnt",
                tools.toString(),
                "/usr/bin/text",
                tools.resolve("extra").toString());

        assertThat(code(search(process("/mnt/extra", "/", 0), binds))).isZero();
        assertThat(code(search(process("/mnt/other", "/", 0), binds))).isEqualTo(127);
        assertThat(code(search(process("text", "/", 0), binds))).isZero();
        assertThat(code(search(process("/usr/bin/text", "/", 0), binds))).isZero();
    }

    @Test
    void anExecIsLookedUpInTheRunningContainer() throws IOException {
        Path spec = folder.resolve("process.json");
        Files.write(spec, JSON.writeValueAsBytes(process("nosuch", "/", 0)));

        assertThat(code(ProgramSearch.inContainer(spec, rootfs))).isEqualTo(127);
        assertThat(code(ProgramSearch.inContainer(spec, Path.of("/proc/none/root"))))
                .isZero();
    }

    @Test
    void wordsOfTheRuntimeDecideNothing() throws IOException {
        search(process("/bin/tool", "/", 0), Map.of());
        assertThat(RuntimeFailure.ofContainer("permission denied: executable file not found", bundle))
                .hasMessage("permission denied: executable file not found")
                .extracting(failure -> failure.exitCode().value())
                .isEqualTo(125);

        search(process("nosuch", "/", 0), Map.of());
        assertThat(RuntimeFailure.ofContainer("etwas ging schief", bundle))
                .hasMessage("exec: \"nosuch\": executable file not found in $PATH")
                .extracting(failure -> failure.exitCode().value())
                .isEqualTo(127);
    }
}
