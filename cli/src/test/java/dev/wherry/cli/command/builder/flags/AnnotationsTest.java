package dev.wherry.cli.command.builder.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnotationsTest {

    @Test
    void keysMayNameWhatTheyAreOf() {
        assertThat(Annotations.of(List.of("a=b=c", "manifest:org.x=1", "manifest[linux/amd64]:y=")))
                .isEqualTo(Map.of("a", "b=c", "org.x", "1", "y", ""));
    }

    @Test
    void otherPlacesThanTheManifestAreRefused() {
        assertThatThrownBy(() -> Annotations.of(List.of("index:a=b")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("manifest only");
        assertThatThrownBy(() -> Annotations.of(List.of("a"))).isInstanceOf(Failure.class);
    }
}
