package dev.wherry.daemon.runtime.runc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a runtime says when it fails, turned into a sentence and an exit code, which never depends on its words. */
public final class RuntimeFailure {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_LOG = 1 << 20;

    private RuntimeFailure() {}

    /** The last error that a runtime logged, in a sentence; empty if it logged none. */
    public static Optional<String> inLog(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) == 0) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(log)) {
            return lastError(new String(in.readNBytes(LARGEST_LOG), StandardCharsets.UTF_8))
                    .map(RuntimeFailure::shorten);
        }
    }

    /**
     * Why a container could not be created: its program, if that is missing or cannot be executed, else what was said.
     *
     * @param bundle of the container, whose root file system is still mounted
     */
    public static StartException ofContainer(String said, Path bundle) throws IOException {
        return of(said, ProgramSearch.inBundle(bundle));
    }

    /**
     * As above, of one more process in a running container.
     *
     * @param spec the file with its {@code process}
     * @param root what the container's first process has as root
     */
    public static StartException ofExec(String said, Path spec, Path root) throws IOException {
        return of(said, ProgramSearch.inContainer(spec, root));
    }

    private static StartException of(String said, ProgramSearch search) {
        return search.failure().orElseGet(() -> new StartException(ExitCode.RUNTIME_FAILED, said));
    }

    public static boolean isLogged(Path log) {
        try {
            return inLog(log).isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The last error of some log lines in JSON, or all of the text when it is none. */
    static String message(String output) {
        return shorten(lastError(output).orElse(output.strip()));
    }

    private static Optional<String> lastError(String log) {
        String last = null;
        for (String line : log.split("\n")) {
            try {
                JsonNode entry = JSON.readTree(line);
                String level = entry.path("level").asText();
                if (level.equals("error") || level.equals("fatal")) {
                    last = entry.path("msg").asText();
                }
            } catch (JsonProcessingException notJson) {
                // Part of a line that another process is writing.
            }
        }
        return Optional.ofNullable(last);
    }

    /** The runtime's message without the steps it went through to come to it. */
    private static String shorten(String message) {
        int exec = message.indexOf("exec: ");
        String text = exec >= 0 ? message.substring(exec) : message;
        for (String prefix : new String[] {
            "runc run failed: ", "runc create failed: ", "exec failed: ", "unable to start container process: "
        }) {
            text = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        }
        return text.replace('\n', ' ').strip();
    }
}
