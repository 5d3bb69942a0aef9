package dev.wherry.daemon.boot;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.config.LogLevel;
import dev.wherry.daemon.trace.LogIds;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;

/**
 * What the daemon writes to standard error: the lines about itself, which have no time, and the log. Where the journal
 * reads it, every line begins with its priority ({@code sd-daemon(3)}) and none has a time, since the journal keeps both.
 */
@Singleton
final class DaemonLog {

    private static final int FIRST = 1;

    /** Not final: a native executable has its static fields set while it is built. */
    private static boolean journal;

    private static String namespace = "";

    /** Finds out who reads; before anything is said. */
    static void begin(Map<String, String> environment) {
        journal = isJournal(environment);
    }

    /** Lines say that they come from the daemon of a namespace. */
    static void namespace(NamespaceName name) {
        namespace = "namespace " + name + ": ";
    }

    private static String prefix() {
        return namespace + LogIds.prefix();
    }

    /** Says something about the daemon that whoever started it should know. */
    static void say(String sentence) {
        write(6, sentence);
    }

    static void error(String sentence) {
        write(3, sentence);
    }

    private static void write(int priority, String text) {
        String lines = text.lines().map(line -> "wherryd: " + namespace + line).collect(Collectors.joining("\n"));
        System.err.println(journal ? prefixed(priority, lines) : lines);
    }

    /** Logs from this level on from now on. */
    static void level(LogLevel level) {
        Logger.getLogger("dev.wherry")
                .setLevel(
                        switch (level) {
                            case ERROR -> Level.ERROR;
                            case WARN -> Level.WARN;
                            case INFO -> Level.INFO;
                            case DEBUG -> Level.DEBUG;
                            case TRACE -> Level.TRACE;
                        });
        Logger.getLogger("").setLevel(level.compareTo(LogLevel.INFO) > 0 ? Level.INFO : Level.WARN);
    }

    /** Before anything is logged. */
    void start(@Observes @Priority(FIRST) StartupEvent start) {
        format(Logger.getLogger("").getHandlers());
    }

    private static void format(Handler[] handlers) {
        for (Handler handler : handlers) {
            if (journal) {
                handler.setFormatter(new JournalLines());
            } else if (handler.getFormatter() != null) {
                handler.setFormatter(new LinesWithIds(handler.getFormatter()));
            }
            if (handler instanceof ExtHandler nesting) {
                format(nesting.getHandlers());
            }
        }
    }

    /** Lines that say first which build or container they are about; they are made by the thread that logs. */
    static final class LinesWithIds extends ExtFormatter {

        private final Formatter lines;

        LinesWithIds(Formatter lines) {
            this.lines = lines;
        }

        @Override
        public String format(ExtLogRecord record) {
            String prefix = prefix();
            if (prefix.isEmpty()) {
                return lines.format(record);
            }
            ExtLogRecord prefixed = new ExtLogRecord(record);
            prefixed.setMessage(prefix + record.getFormattedMessage(), ExtLogRecord.FormatStyle.NO_FORMAT);
            return lines.format(prefixed);
        }

        @Override
        public boolean isCallerCalculationRequired() {
            return lines instanceof ExtFormatter known && known.isCallerCalculationRequired();
        }
    }

    /** {@code JOURNAL_STREAM} is inherited by everything below a service: only the file it names is the journal. */
    static boolean isJournal(Map<String, String> environment) {
        String stream = environment.getOrDefault("JOURNAL_STREAM", "");
        if (stream.isEmpty()) {
            return false;
        }
        try {
            Map<String, Object> stderr = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
            return stream.equals(stderr.get("dev") + ":" + stderr.get("ino"));
        } catch (IOException unknown) {
            return false;
        }
    }

    private static String prefixed(int priority, String lines) {
        return lines.lines().map(line -> "<" + priority + ">" + line).collect(Collectors.joining("\n"));
    }

    /** One record as lines of the journal. */
    static final class JournalLines extends ExtFormatter {

        @Override
        public String format(ExtLogRecord record) {
            StringWriter text = new StringWriter();
            text.write(prefix());
            text.write(record.getFormattedMessage());
            if (record.getThrown() != null) {
                text.write("\n");
                record.getThrown().printStackTrace(new PrintWriter(text, true));
            }
            return prefixed(priority(record.getLevel().intValue()), text.toString()) + "\n";
        }

        private static int priority(int level) {
            if (level >= Level.ERROR.intValue()) {
                return 3;
            }
            if (level >= Level.WARN.intValue()) {
                return 4;
            }
            return level >= Level.INFO.intValue() ? 6 : 7;
        }
    }
}
