package dev.wherry.cli.command.image.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import org.junit.jupiter.api.Test;

class ImagePathTest {
    @Test
    void thePathBeginsAtTheFirstSlashAfterAColon() {
        assertThat(ImagePath.parse("localhost:5000/app:1@2:/a:/b"))
                .isEqualTo(new ImagePath("localhost:5000/app:1@2", "/a:/b"));
        assertThatThrownBy(() -> ImagePath.parse("app:1"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("IMAGE:/PATH");
    }

    @Test
    void modesAreWrittenAsLsWritesThem() {
        assertThat(ModeText.of(0100644)).isEqualTo("-rw-r--r--");
        assertThat(ModeText.of(0104755)).isEqualTo("-rwsr-xr-x");
        assertThat(ModeText.of(0041777)).isEqualTo("drwxrwxrwt");
        assertThat(ModeText.of(0102640)).isEqualTo("-rw-r-S---");
        assertThat(ModeText.of(0120777)).isEqualTo("lrwxrwxrwx");
    }
}
