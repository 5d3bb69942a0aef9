package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTest {
    private static final List<ManPage> PAGES = new Manual("2026-01-01", "Wherry 0.1.0").commands();

    @Test
    void pageSaysWhatTheCommandSaysOfItself() throws IOException {
        try (InputStream page = ManualTest.class.getResourceAsStream("wherry-container-rm.1")) {
            assertThat(text("man1/wherry-container-rm.1"))
                    .isEqualTo(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void everyCommandHasAPage() {
        Catalog.COMMANDS.forEach(entry -> assertHasPage(entry, entry.name()));
    }

    private static void assertHasPage(Catalog.Entry entry, String path) {
        assertThat(text("man1/wherry-" + path.replace(' ', '-') + ".1"))
                .contains("\n.SH SYNOPSIS\n")
                .contains("\\fBwherry " + path.replace("-", "\\-") + "\\fR");
        entry.children().forEach(child -> assertHasPage(child, path + " " + child.name()));
    }

    @Test
    void textIsNoRequestOfRoff() {
        String page = new ManPage("a-b", 1, "c", "2026-01-01", "Wherry")
                .paragraph(".so /etc/passwd")
                .paragraph("'it' \\n")
                .text();

        assertThat(page).contains("\n.PP\n\\&.so /etc/passwd\n.PP\n\\(aqit\\(aq \\en\n");
    }

    private static String text(String file) {
        return PAGES.stream()
                .filter(page -> page.file().equals(file))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + file))
                .text();
    }
}
