package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the host's git on what nobody trusts: no hooks, no configuration but ours, no terminal, no protocols but those
 * allowed, and an end when it stands still or fills the disk.
 */
final class GitCommand {

    private static final String SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int MOST_OUTPUT = 4 << 20;
    private static final int LONGEST_REASON = 300;
    private static final long LOOK_MILLIS = 500;

    private static final String CONFIGURATION = """
            [core]
            \thooksPath = /dev/null
            \tfsmonitor = false
            \tautocrlf = false
            [protocol]
            \tversion = 2
            [http]
            \tlowSpeedLimit = 1000
            \tlowSpeedTime = %d
            [gc]
            \tauto = 0
            [maintenance]
            \tauto = false
            [advice]
            \tdetachedHead = false
            [init]
            \tdefaultBranch = master
            [safe]
            \tdirectory = *
            """;

    /**
     * Only the client's agent has keys: those of the daemon's user are not for builds. A host that the administrator knows
     * ({@code /etc/ssh/ssh_known_hosts}) must have its key; any other is trusted, as BuildKit does.
     */
    private static final String SSH_OPTIONS = " -F /dev/null -o BatchMode=yes -o IdentityFile=none"
            + " -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
            + " -o ClearAllForwardings=yes -o ForwardAgent=no";

    private static final String SSH = "ssh";

    private final Path home;
    private final FetchLimits limits;
    private final String ssh;
    private final SshAgents agents;

    /** @param home a folder for its configuration */
    GitCommand(Path home, FetchLimits limits) {
        this(home, limits, SSH, SshAgents.NONE);
    }

    /** @param ssh the program that makes connections by ssh */
    GitCommand(Path home, FetchLimits limits, String ssh, SshAgents agents) {
        this.home = home;
        this.limits = limits;
        this.ssh = ssh;
        this.agents = agents;
    }

    /** The same for a client that lets git use its agent. */
    GitCommand with(SshAgents other) {
        return new GitCommand(home, limits, ssh, other);
    }

    /** Where data comes in, so that one can see whether it still does, and how much there is. */
    record Watched(Path folder, String item, TransferListener arrival) {}

    /**
     * Runs one command.
     *
     * @param protocols which may be used, parted by colons
     * @param what is asked of, in messages
     * @return what it wrote
     * @throws UnavailableException when git fails
     * @throws ExhaustedException when the watched folder becomes too large
     */
    String run(Path directory, String protocols, String what, Watched watched, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        if (!List.of(protocols.split(":")).contains(SSH)) {
            return run(directory, protocols, what, watched, command, Optional.empty());
        }
        try (SshAgents.Agent agent = agents.open()
                .orElseThrow(() -> new InvalidInputException(
                        what + ": ssh needs the keys of an agent: give the build the SSH agent \"default\""))) {
            return run(directory, protocols, what, watched, command, Optional.of(agent));
        } catch (IOException failure) {
            throw new HostException("cannot make a socket for an SSH agent: " + failure.getMessage(), failure);
        }
    }

    private String run(
            Path directory,
            String protocols,
            String what,
            Watched watched,
            List<String> command,
            Optional<SshAgents.Agent> agent) {
        try {
            ProcessBuilder builder = builder(directory, protocols, command);
            agent.ifPresent(open -> {
                builder.environment().put("SSH_AUTH_SOCK", open.path().toString());
                builder.environment().put("GIT_SSH_COMMAND", ssh + SSH_OPTIONS);
            });
            Process process = builder.start();
            CompletableFuture<String> output = read(process.getInputStream());
            CompletableFuture<String> errors = read(process.getErrorStream());
            try {
                await(process, what, watched);
            } finally {
                end(process);
            }
            if (process.exitValue() != 0) {
                throw new UnavailableException(what + ": " + reason(errors.join()));
            }
            return output.join();
        } catch (IOException failure) {
            throw failure.getMessage() != null && failure.getMessage().contains("error=2")
                    ? new HostException("the program git is missing on the daemon's host: install it, as with"
                            + " \"apt-get install git\"")
                    : new HostException("cannot run git: " + failure.getMessage(), failure);
        }
    }

    private ProcessBuilder builder(Path directory, String protocols, List<String> command) throws IOException {
        Path configuration = Files.createDirectories(home).resolve("config");
        String text = CONFIGURATION.formatted(limits.patience().toSeconds());
        if (!Files.exists(configuration) || !Files.readString(configuration).equals(text)) {
            Files.writeString(configuration, text);
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        List<String> kept = Stream.of("http_proxy", "https_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY", "all_proxy")
                .filter(environment::containsKey)
                .toList();
        environment.keySet().retainAll(kept);
        environment.put("PATH", SEARCH_PATH);
        environment.put("HOME", home.toString());
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", configuration.toString());
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ASKPASS", "/bin/false");
        environment.put("GIT_SSH_COMMAND", "/bin/false");
        environment.put("GIT_ALLOW_PROTOCOL", protocols);
        return builder;
    }

    private void await(Process process, String what, Watched watched) {
        long start = System.nanoTime();
        long lastChange = start;
        long size = -1;
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                long present = size(watched.folder());
                if (present > limits.bytes()) {
                    throw new ExhaustedException(limits.tooLarge(what));
                }
                if (present != size) {
                    size = present;
                    lastChange = now;
                    watched.arrival().moved(watched.item(), present, 0);
                }
                // A server may count and compress for a while before it sends.
                if (now - lastChange > 4 * limits.patience().toNanos() || now - start > LONGEST.toNanos()) {
                    throw new UnavailableException(what + ": it takes too long");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while git was running", interrupted);
        }
        if (size(watched.folder()) > limits.bytes()) {
            throw new ExhaustedException(limits.tooLarge(what));
        }
    }

    /** Git starts others, which end when their pipes do; those that hold a connection are told. */
    private static void end(Process process) {
        if (process.isAlive()) {
            List<ProcessHandle> below = process.descendants().toList();
            process.destroyForcibly();
            below.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException changing) {
            return -1;
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Background.start("git-output", () -> {
            try (stream) {
                text.complete(new String(stream.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8));
            } catch (IOException closed) {
                text.complete("");
            }
        });
        return text;
    }

    /** What git says is wrong, on one line. */
    private static String reason(String errors) {
        List<String> lines = errors.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        String reason = lines.stream()
                .filter(line -> line.startsWith("fatal: ") || line.startsWith("error: "))
                .findFirst()
                .map(line -> line.substring(7))
                .orElseGet(() -> lines.isEmpty() ? "git fails and does not say why" : lines.getLast());
        return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
    }
}
