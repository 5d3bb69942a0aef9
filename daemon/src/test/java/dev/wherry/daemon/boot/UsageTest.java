package dev.wherry.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.config.ConfigKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class UsageTest {

    /** Picocli complains on standard error about a text that it cannot format, and shows it as it is. */
    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void usageShowsEveryDescriptionWithoutWarnings() {
        PrintStream before = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        String usage;
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        try {
            usage = Main.commandLine().getUsageMessage();
        } finally {
            System.setErr(before);
        }

        assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(usage).contains("(default: 10%)").doesNotContain("%%");
        for (ConfigKey key : ConfigKey.values()) {
            assertThat(usage).contains(key.flag());
        }
    }
}
