package dev.wherry.daemon.container.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.runtime.OutputSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a container's output from the system's journal, by journalctl. */
final class JournalReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_MILLIS = 200;
    private static final int ERROR = 3;

    private final String id;
    private final LogRequest request;
    private final LogEntries entries;

    JournalReader(String id, LogRequest request, String attributes, OutputSink sink) {
        this.id = id;
        this.request = request;
        this.entries = new LogEntries(request, attributes, sink);
    }

    void read(LoggedRun run) throws InterruptedException {
        Process journal;
        try {
            journal = new ProcessBuilder(command())
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            throw new HostException("cannot read the journal: journalctl cannot be run", missing);
        }
        Thread end = Background.start("journal-end", () -> endWith(run, journal));
        try (BufferedReader lines = journal.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && !entries.isPastEnd(); line = lines.readLine()) {
                accept(line);
            }
        } catch (IOException ended) {
            // Ended with the container, or with the client.
        } finally {
            end.interrupt();
            journal.destroyForcibly();
        }
    }

    private void endWith(LoggedRun run, Process journal) {
        try {
            while (request.follow() && run.goesOn()) {
                Thread.sleep(PATIENCE_MILLIS);
            }
            if (request.follow()) {
                entries.endBefore(run.successor());
                // The journal is a little behind.
                Thread.sleep(PATIENCE_MILLIS);
                journal.destroy();
            }
        } catch (InterruptedException over) {
            // Read to its end.
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("journalctl", "-o", "json", "--all", "--no-pager", "-q"));
        command.add("CONTAINER_ID_FULL=" + id);
        command.add("-n");
        command.add(
                request.tail().isPresent() && request.tail().getAsInt() >= 0
                        ? Integer.toString(request.tail().getAsInt())
                        : "all");
        request.since().ifPresent(since -> command.add("--since=@" + since.getEpochSecond()));
        if (request.follow()) {
            command.add("-f");
        }
        return command;
    }

    private void accept(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            long micros = entry.path("__REALTIME_TIMESTAMP").asLong();
            Instant time = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
            boolean full = !entry.path("CONTAINER_PARTIAL_MESSAGE").asText().equals("true");
            byte[] message = message(entry.path("MESSAGE"), full);
            entries.accept(entry.path("PRIORITY").asInt() == ERROR, full, time, message);
        } catch (JsonProcessingException noEntry) {
            // journalctl says nothing else on its output.
        }
    }

    /** The bytes of a message: journalctl writes a message that is not text as numbers. A whole line ends in a newline. */
    static byte[] message(JsonNode message, boolean full) {
        byte[] bytes = bytes(message);
        if (!full || bytes.length > 0 && bytes[bytes.length - 1] == '\n') {
            return bytes;
        }
        byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        return line;
    }

    private static byte[] bytes(JsonNode message) {
        if (!message.isArray()) {
            return message.asText().getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[message.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) message.get(i).asInt();
        }
        return bytes;
    }
}
