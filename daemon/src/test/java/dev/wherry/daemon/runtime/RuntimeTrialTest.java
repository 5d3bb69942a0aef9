package dev.wherry.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeTrialTest {

    @TempDir
    Path folder;

    private Layout layout;
    private RuntimeTrial trial;

    @BeforeEach
    void prepare() {
        layout = new Layout(folder.resolve("root"), folder.resolve("run"));
        trial = new RuntimeTrial(layout, new RuntimeSettings("auto", Map.of(), CgroupDriver.ofHost()));
    }

    @Test
    void passesOneThatRunsContainersHereAndLeavesNothing() throws IOException {
        assertThat(trial.failure(OciRuntime.find("runc").orElseThrow())).isEmpty();

        assertThat(layout.steps()).isEmptyDirectory();
    }

    @Test
    void tellsWhatOneSaysThatDoesNot() throws IOException {
        Path refuses = program("#!/bin/sh\necho cgroups in hybrid mode not supported >&2\nexit 1\n");

        assertThat(trial.failure(refuses)).contains("exit status 1 cgroups in hybrid mode not supported");
        assertThat(layout.steps()).isEmptyDirectory();
    }

    private Path program(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("runtime"), script);
        Inodes.chmod(program, 0755);
        return program;
    }
}
