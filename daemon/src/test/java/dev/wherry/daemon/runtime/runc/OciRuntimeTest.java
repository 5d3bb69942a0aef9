package dev.wherry.daemon.runtime.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OciRuntimeTest {

    @ParameterizedTest
    @CsvSource({
        "CGROUPFS, ../../x, false",
        "CGROUPFS, /a/b, true",
        "CGROUPFS, my.slice, true",
        "SYSTEMD, my.slice, true",
        "SYSTEMD, a/my.slice, false",
        "SYSTEMD, /a/b, false"
    })
    void parentGroupMustSuitTheDriver(CgroupDriver driver, String parent, boolean suits) {
        OciRuntime runtime = new OciRuntime(new RuntimeSettings("true", Map.of(), driver));

        if (suits) {
            assertThatCode(() -> runtime.check("", parent)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> runtime.check("", parent))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(parent);
        }
    }

    @Test
    void runtimesAreFoundByConfiguredNameProgramAndPath(@TempDir Path bundle) throws Exception {
        OciRuntime runtime =
                new OciRuntime(new RuntimeSettings("true", Map.of("quick", "/bin/false"), CgroupDriver.CGROUPFS));

        assertThat(runtime.of(bundle)).hasFileName("true");
        for (String asked : new String[] {"quick", "false", "/bin/false"}) {
            runtime.check(asked, "");
            runtime.assign(bundle, asked);
            assertThat(runtime.of(bundle)).hasFileName("false");
            Files.delete(bundle.resolve("runtime"));
        }
        assertThatThrownBy(() -> runtime.check("/no/such", "")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> runtime.check("no-such", "")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void runtimeThatIsInstalledMeanwhileIsFound(@TempDir Path folder) throws Exception {
        Path program = folder.resolve("late");
        OciRuntime runtime = new OciRuntime(new RuntimeSettings(program.toString(), Map.of(), CgroupDriver.CGROUPFS));
        assertThatThrownBy(() -> runtime.assign(folder, "")).isInstanceOf(HostException.class);

        Files.createSymbolicLink(program, Path.of("/bin/true"));

        runtime.assign(folder, "");
        assertThat(runtime.of(folder)).isEqualTo(program);
    }
}
