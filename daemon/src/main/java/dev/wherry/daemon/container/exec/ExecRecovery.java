package dev.wherry.daemon.container.exec;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.conmon.ConmonExec.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Finds the execs of a daemon that has ended, by their folders: one that runs is waited for, one that has ended
 * meanwhile tells its exit code by its file, one whose supervisor is gone without a word is lost.
 */
final class ExecRecovery {

    private static final int MILLIS_BETWEEN_LOOKS = 10;

    private static final OutputSink NOBODY = new OutputSink() {
        @Override
        public void stdout(byte[] chunk) {}

        @Override
        public void stderr(byte[] chunk) {}
    };

    private final Layout layout;
    private final Containers containers;
    private final Execs execs;

    ExecRecovery(Layout layout, Containers containers, Execs execs) {
        this.layout = layout;
        this.containers = containers;
        this.execs = execs;
    }

    /** @param known takes each exec of a running container */
    void run(Consumer<Exec> known) {
        try {
            if (Files.isDirectory(layout.execs())) {
                for (Path folder : FileTrees.list(layout.execs())) {
                    recover(folder, known);
                }
            }
        } catch (IOException failure) {
            throw new HostException("cannot find the execs of a killed daemon: " + failure.getMessage(), failure);
        }
    }

    private void recover(Path folder, Consumer<Exec> known) throws IOException {
        Optional<Exec> found = read(folder).filter(exec -> isAlive(exec.container()));
        if (found.isEmpty()) {
            // The container exited, which ended this exec too, or the exec never started.
            Supervisors.killAll(List.of("-b", folder.toString()));
            FileTrees.remove(folder);
            return;
        }
        Exec exec = found.get();
        exec.session().pid().ifPresent(exec::started);
        known.accept(exec);
        Thread.ofPlatform().daemon().name("exec").start(() -> await(exec));
    }

    private Optional<Exec> read(Path folder) {
        try {
            Execs.Kept kept = Execs.JSON.readValue(Files.readAllBytes(folder.resolve(Execs.CONFIG)), Execs.Kept.class);
            Session session = execs.session(folder.getFileName().toString(), kept.container(), kept.config());
            return Optional.of(new Exec(folder.getFileName().toString(), session, kept.config()));
        } catch (IOException cutOff) {
            return Optional.empty();
        }
    }

    private boolean isAlive(String container) {
        try {
            return containers.get(container).state().isAlive();
        } catch (WherryException removed) {
            return false;
        }
    }

    /** Waits for the end of the exec: the socket of its streams closes with its supervisor. The output is dropped. */
    private void await(Exec exec) {
        try (Attachment streams = exec.streams()) {
            streams.connect(exec.session().attachSocket());
            streams.copyTo(NOBODY);
            // The file is written before the supervisor ends, but not always before the streams do.
            while (exec.session().exitCode().isEmpty() && isSupervised(exec)) {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
            }
            Optional<Integer> code = exec.session().exitCode();
            if (code.isEmpty()) {
                // Neither its runtime nor a supervisor that had only just begun may go on.
                Supervisors.killAll(exec.session().mark());
            }
            execs.end(exec, code.map(OptionalInt::of).orElse(OptionalInt.empty()));
        } catch (InterruptedException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static boolean isSupervised(Exec exec) {
        return exec.session()
                .conmonPid()
                .filter(pid -> Supervisors.isAlive(pid, exec.session().mark()))
                .isPresent();
    }
}
