package dev.wherry.cli.client.builds;

import dev.wherry.cli.error.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An SSH agent for one build, with keys from files: OpenSSH's {@code ssh-agent}. A shell that waits for the end of its
 * input ends it, and so it never outlives this process, however that ends.
 */
final class KeyAgent implements AutoCloseable {
    private static final String ADD_KEYS_AND_WAIT =
            "ssh-add -q -- \"$@\" </dev/null && echo ready && cat >/dev/null; kill $SSH_AGENT_PID";

    private final Process process;
    private final Path folder;

    private KeyAgent(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /** @throws Failure when OpenSSH is not installed, or does not take a key */
    static KeyAgent start(List<Path> keys) throws IOException {
        Path folder = Files.createTempDirectory("wherry-ssh-");
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>(
                List.of("ssh-agent", "-a", folder.resolve("agent").toString(), "sh", "-c", ADD_KEYS_AND_WAIT, "sh"));
        keys.forEach(key -> command.add(key.toString()));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            Files.delete(folder);
            throw Failure.of("--ssh with a key file needs ssh-agent: install OpenSSH's client", e);
        }
        KeyAgent agent = new KeyAgent(process, folder);
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        if (!"ready".equals(answers.readLine())) {
            String why = Files.readString(errors).strip().replace('\n', ' ');
            agent.close();
            throw new Failure("--ssh: ssh-agent did not accept the key" + (why.isEmpty() ? "" : ": " + why));
        }
        return agent;
    }

    Path socket() {
        return folder.resolve("agent");
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder.resolve("errors"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // A folder in /tmp may stay.
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
