package dev.wherry.daemon.container.exec;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerAccess;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.config.SignalNumbers;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Identifiers;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.ExecSpec;
import dev.wherry.daemon.runtime.conmon.ConmonExec;
import dev.wherry.daemon.runtime.conmon.ConmonExec.Session;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/**
 * Processes that run in containers beside their first. Each has a folder while it runs, by which the next daemon finds
 * it; conmon holds its streams and leaves its exit code there. Wherever one is named, a unique prefix of its ID will do.
 */
@Singleton
public final class Execs {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String CONFIG = "exec.json";

    private static final String EXEC = "execID";
    private static final int LONGEST_TOLD = 4096;

    private static final Logger LOG = Logger.getLogger(Execs.class);

    private final Layout layout;
    private final Containers containers;
    private final ConmonExec conmon;
    private final ContainerAccess access;
    private final ContainerActivity activity;
    private final KnownExecs known = new KnownExecs();
    private volatile boolean closed;

    Execs(Layout layout, Containers containers, ConmonExec conmon, ContainerAccess access, ContainerActivity activity) {
        this.activity = activity;
        this.access = access;
        this.layout = layout;
        this.containers = containers;
        this.conmon = conmon;
    }

    /**
     * What the next daemon needs to find an exec again.
     *
     * @param container ID of its container
     */
    @RegisterForReflection
    record Kept(String container, ExecConfig config) {}

    /**
     * Starts a process of the daemon's own accord in a running container, of which no event tells. The caller closes its
     * streams.
     *
     * @throws ConflictException when the container does not run, or is paused
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not get into the container, or not so
     * @throws StartException when the process cannot be started: 127 when there is no such program, 126 for all else
     */
    public Exec start(String container, ExecConfig config) {
        Container found = permitted(container, config);
        String id = Identifiers.make();
        Exec exec = new Exec(id, session(id, found.id(), config), config);
        known.add(exec);
        return start(found, exec, false);
    }

    /**
     * Prepares a process for a running container, to be started by its ID; it is forgotten when hundreds of others are
     * prepared meanwhile.
     *
     * @throws ConflictException when the container does not run, or is paused
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not get into the container, or not so
     */
    public Exec create(String container, ExecConfig config) {
        Container found = permitted(container, config);
        String id = Identifiers.make();
        Exec exec = new Exec(id, session(id, found.id(), config), config);
        known.addCreated(exec);
        activity.tell(found, words("exec_create", config), Map.of(EXEC, id));
        return exec;
    }

    /**
     * Starts a prepared process, once. The caller closes its streams.
     *
     * @param config of the process, which may differ in what the start decides
     * @throws ConflictException when it has been started, or the container does not run
     * @throws StartException as {@link #start(String, ExecConfig)}
     */
    public Exec start(Exec created, ExecConfig config) {
        Container container = permitted(created.container(), config);
        Exec exec = created.with(session(created.id(), container.id(), config), config);
        if (!known.claim(created, exec)) {
            throw alreadyRun(created);
        }
        return start(container, exec, true);
    }

    /** As docker has it: with the program. */
    private static String words(String action, ExecConfig config) {
        String program = String.join(" ", config.args());
        return action + ": " + (program.length() <= LONGEST_TOLD ? program : program.substring(0, LONGEST_TOLD));
    }

    /** The client has left by its keys, and the process runs on. */
    public void left(Exec exec) {
        activity.tell(containers.get(exec.container()), "exec_detach", Map.of(EXEC, exec.id()));
    }

    /**
     * Checks that a prepared process can be started.
     *
     * @throws ConflictException when it cannot
     */
    public void requireStartable(Exec created) {
        if (!known.isCreated(created)) {
            throw alreadyRun(created);
        }
        permitted(created.container(), created.config());
    }

    private ConflictException alreadyRun(Exec exec) {
        return new ConflictException(
                "exec command " + exec.id() + (exec.exit().isPresent() ? " has already run" : " is already running"));
    }

    private Container permitted(String container, ExecConfig config) {
        Container found = containers.get(container);
        access.checkEntry(found);
        if (config.privileged()) {
            Caller.current().requireHost("a privileged program");
        }
        check(found);
        return found;
    }

    private Exec start(Container found, Exec exec, boolean told) {
        try {
            write(exec, found);
            ConmonExec.Started started = conmon.start(
                    exec.session(), () -> exec.streams().connect(exec.session().attachSocket()));
            exec.started(started.pid());
            if (told) {
                activity.tell(found, words("exec_start", exec.config()), Map.of(EXEC, exec.id()));
            }
            adjustOomScore(exec, found);
            // The wait is in the kernel, and as long as the process runs: it would keep a virtual thread's carrier.
            Thread.ofPlatform().daemon().name("exec").start(() -> {
                end(exec, started.awaitExit());
                if (told) {
                    tellEnd(found, exec);
                }
            });
            return exec;
        } catch (StartException failure) {
            ExitCode code =
                    failure.exitCode().equals(ExitCode.RUNTIME_FAILED) ? ExitCode.NOT_EXECUTABLE : failure.exitCode();
            exec.ended(new Exit(code, failure.getMessage()));
            forget(exec);
            check(containers.get(found.id()));
            // Whoever started it asks for its exit code.
            known.add(exec);
            throw new StartException(code, failure.getMessage());
        } catch (RuntimeException failure) {
            forget(exec);
            throw failure;
        }
    }

    private void tellEnd(Container container, Exec exec) {
        exec.exit()
                .ifPresent(exit -> activity.tell(
                        container,
                        "exec_die",
                        Map.of(
                                EXEC,
                                exec.id(),
                                "exitCode",
                                Integer.toString(exit.code().value()))));
    }

    private static void adjustOomScore(Exec exec, Container container) {
        try {
            exec.adjustOomScore(container.settings().request().resources().oomScoreAdj());
        } catch (IOException refused) {
            LOG.debugf("exec %s keeps the OOM score that the runtime gave it: %s", exec.id(), refused.getMessage());
        }
    }

    private static void check(Container container) {
        switch (container.state()) {
            case RUNNING -> {}
            case PAUSED ->
                throw new ConflictException(
                        "Container " + container.name() + " is paused, unpause the container before exec");
            case RESTARTING ->
                throw new ConflictException(
                        "Container " + container.name() + " is restarting, wait until the container is running");
            case CREATED, EXITED -> throw new ConflictException("Container " + container.name() + " is not running");
        }
    }

    Session session(String id, String container, ExecConfig config) {
        return new Session(
                container,
                layout.execs().resolve(id),
                ContainerLayout.state(layout),
                config.tty(),
                config.stdin(),
                config.attached());
    }

    private void write(Exec exec, Container container) {
        FileAttribute<?> ownersOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path folder = exec.session().folder();
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        ExecConfig config = exec.config();
        try {
            Files.createDirectories(layout.execs(), ownersOnly);
            Files.createDirectory(folder, ownersOnly);
            Files.write(folder.resolve(CONFIG), JSON.writeValueAsBytes(new Kept(container.id(), config)));
            new ExecSpec(
                            config.args(),
                            container.settings().env(),
                            config.env(),
                            config.workingDir(),
                            config.user(),
                            container.settings().request().isolation().groups(),
                            config.tty(),
                            config.privileged(),
                            config.columns(),
                            config.rows())
                    .write(exec.session().spec(), files.bundle(), files.rootfs());
        } catch (IOException failure) {
            throw new HostException("cannot prepare an exec: " + failure.getMessage(), failure);
        }
    }

    /** Records the end of an exec, and removes its folder. */
    void end(Exec exec, OptionalInt code) {
        if (closed) {
            return;
        }
        if (code.isPresent()) {
            exec.ended(Exit.of(code.getAsInt()));
        } else {
            exec.signal(SignalNumbers.KILL);
            exec.ended(new Exit(ExitCode.KILLED, "the supervisor of the exec (conmon) was killed"));
        }
        remove(exec);
    }

    private void forget(Exec exec) {
        known.remove(exec);
        exec.streams().close();
        exec.ended(new Exit(ExitCode.KILLED, "it was not started"));
        remove(exec);
    }

    private static void remove(Exec exec) {
        try {
            FileTrees.remove(exec.session().folder());
        } catch (IOException failure) {
            LOG.warn("cannot remove " + exec.session().folder() + ": " + failure.getMessage());
        }
    }

    /**
     * An exec that runs, or ended a while ago.
     *
     * @throws NotFoundException when there is none, or the prefix is not unique
     */
    public Exec get(String exec) {
        return known.named(exec);
    }

    /** Finds the execs that the last daemon left. Call once, after the containers have been recovered. */
    public void recover() {
        new ExecRecovery(layout, containers, this).run(known::add);
    }

    /** Records no more ends: the next daemon does. */
    public void close() {
        closed = true;
    }

    /** The IDs of the execs that run in a container. */
    public List<String> running(String containerId) {
        return known.running(containerId).stream().map(Exec::id).toList();
    }
}
