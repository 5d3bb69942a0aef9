package dev.wherry.daemon.image.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LayerNameTest {

    @Test
    void aNumberAfterTheLastSignNamesALayer() {
        assertThat(LayerName.parse("localhost:5000/app:1@12"))
                .isEqualTo(new LayerName("localhost:5000/app:1", OptionalInt.of(12)));
        assertThat(LayerName.parse("app@sha256:12")).isEqualTo(new LayerName("app@sha256:12", OptionalInt.empty()));
        assertThat(LayerName.parse("app@sha256:12@3")).isEqualTo(new LayerName("app@sha256:12", OptionalInt.of(3)));
    }

    @Test
    void onlyALayerHasSomethingBelow() {
        assertThat(LayerName.parse("app@1").below()).hasToString("app@0");
        assertThatThrownBy(() -> LayerName.parse("app").below())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("app@1");
        assertThatThrownBy(() -> LayerName.parse("app@0").below()).isInstanceOf(InvalidInputException.class);
    }
}
