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

/** What a runtime says when it fails, turned into a sentence and an exit code. */
public final class RuntimeFailure {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_LOG = 1 << 20;

    private RuntimeFailure() {}

    /** The failure that a runtime logged, if it did. */
    public static Optional<StartException> inLog(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) == 0) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(log)) {
            return lastError(new String(in.readNBytes(LARGEST_LOG), StandardCharsets.UTF_8))
                    .map(RuntimeFailure::of);
        }
    }

    public static boolean isLogged(Path log) {
        try {
            return inLog(log).isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    static StartException of(String error) {
        String message = shorten(error);
        return new StartException(exitCode(message), message);
    }

    /** The last error of some log lines in JSON, or all of the text when it is none. */
    static String message(String output) {
        return shorten(lastError(output).orElse(output.strip()));
    }

    private static ExitCode exitCode(String message) {
        if (message.contains("executable file not found")
                || message.startsWith("executable file ") && message.contains(" not found in $PATH")
                || message.startsWith("exec: ") && message.contains("no such file or directory")) {
            return ExitCode.NOT_FOUND;
        }
        if (message.contains("permission denied") || message.contains("is a directory")) {
            return ExitCode.NOT_EXECUTABLE;
        }
        return ExitCode.RUNTIME_FAILED;
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
