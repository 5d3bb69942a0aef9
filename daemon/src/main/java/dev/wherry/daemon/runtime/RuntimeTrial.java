package dev.wherry.daemon.runtime;

import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeSettings;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs a program of the host in a container, to find out whether an OCI runtime works here with the control groups and
 * the confinement that every container gets. Debian's crun, for one, knows no hybrid hierarchy of control groups.
 */
public final class RuntimeTrial {

    /** What a program of the host needs of it. */
    private static final List<String> PROGRAMS = List.of("bin", "lib", "lib64", "usr");

    private static final int MOST_TEXT = 200;

    private final Layout layout;
    private final RuntimeSettings settings;

    public RuntimeTrial(Layout layout, RuntimeSettings settings) {
        this.layout = layout;
        this.settings = settings;
    }

    /** Runs a container with a runtime. What went wrong; empty when nothing did. */
    public Optional<String> failure(Path runtime) {
        StepRunner runner = new StepRunner(
                layout, new OciRuntime(new RuntimeSettings(runtime.toString(), Map.of(), settings.cgroups())));
        try {
            Files.createDirectories(layout.steps());
            Path rootfs = Files.createTempDirectory(layout.steps(), "trial-");
            try {
                return run(runner, rootfs);
            } finally {
                FileTrees.remove(rootfs);
            }
        } catch (WherryException | IOException failure) {
            return Optional.of(shortened(String.valueOf(failure.getMessage())));
        }
    }

    private static Optional<String> run(StepRunner runner, Path rootfs) throws IOException {
        Output output = new Output();
        int code = runner.run(rootfs, program(rootfs), OwnNames.NONE, output);
        return code == 0 ? Optional.empty() : Optional.of(shortened("exit status " + code + " " + output.text()));
    }

    private static ContainerProcess program(Path rootfs) throws IOException {
        List<ExtraMount> mounts = new ArrayList<>();
        for (String name : PROGRAMS) {
            Path host = Path.of("/", name);
            if (Files.isSymbolicLink(host)) {
                Files.createSymbolicLink(rootfs.resolve(name), Files.readSymbolicLink(host));
            } else if (Files.isDirectory(host)) {
                mounts.add(new ExtraMount.Bind(host, "/" + name, false, true));
            }
        }
        return new ContainerProcess(
                List.of("true"),
                List.of(),
                "",
                "",
                false,
                ProcessNetwork.of(NetworkMode.NONE),
                "",
                new ProcessAdditions(mounts, List.of(), List.of(), OptionalLong.empty(), List.of(), false));
    }

    private static String shortened(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.length() > MOST_TEXT ? line.substring(0, MOST_TEXT) + "…" : line;
    }

    private static final class Output implements OutputSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public synchronized void stdout(byte[] chunk) {
            bytes.writeBytes(chunk);
        }

        @Override
        public synchronized void stderr(byte[] chunk) {
            bytes.writeBytes(chunk);
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
