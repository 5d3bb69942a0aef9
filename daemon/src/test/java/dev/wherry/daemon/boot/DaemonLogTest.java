package dev.wherry.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.trace.LogIds;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class DaemonLogTest {

    private static final ExtFormatter CONSOLE = new DaemonLog.LinesWithIds(new PatternFormatter("%-5p %s%n"));
    private static final ExtFormatter JOURNAL = new DaemonLog.JournalLines();

    private static ExtLogRecord odd() {
        ExtLogRecord record =
                new ExtLogRecord(Level.WARN, "%s is odd at 100 %%", ExtLogRecord.FormatStyle.PRINTF, "test");
        record.setParameters(new Object[] {"{0}"});
        return record;
    }

    /** What a thread of its own logs after something. */
    private static String logged(Runnable before, ExtFormatter formatter) throws InterruptedException {
        AtomicReference<String> line = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> {
                    before.run();
                    line.set(formatter.format(odd()));
                })
                .join();
        return line.get();
    }

    @Test
    void lineBeginsWithWhatTheThreadWorksFor() throws InterruptedException {
        assertThat(logged(() -> LogIds.build("k3j"), CONSOLE)).isEqualTo("WARN  build k3j: {0} is odd at 100 %\n");
        assertThat(logged(() -> LogIds.build("k3j"), JOURNAL)).isEqualTo("<4>build k3j: {0} is odd at 100 %\n");
        assertThat(logged(() -> LogIds.container("0123"), JOURNAL))
                .isEqualTo("<4>container 0123: {0} is odd at 100 %\n");
    }

    @Test
    void otherLinesStayAsTheyAre() throws InterruptedException {
        assertThat(logged(() -> {}, CONSOLE)).isEqualTo("WARN  {0} is odd at 100 %\n");
        assertThat(logged(() -> {}, JOURNAL)).isEqualTo("<4>{0} is odd at 100 %\n");
    }

    @Test
    void threadThatAnotherStartsWorksForNobodyInParticular() throws InterruptedException {
        AtomicReference<String> line = new AtomicReference<>();
        logged(
                () -> {
                    LogIds.build("k3j");
                    try {
                        line.set(logged(() -> {}, JOURNAL));
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                },
                JOURNAL);
        assertThat(line.get()).isEqualTo("<4>{0} is odd at 100 %\n");
    }
}
