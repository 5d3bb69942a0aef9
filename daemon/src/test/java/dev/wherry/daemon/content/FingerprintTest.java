package dev.wherry.daemon.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Property(tries = 300)
    void isEqualExactlyWhenFieldsAre(@ForAll List<String> one, @ForAll List<String> other) {
        assertThat(of(one).equals(of(other))).isEqualTo(one.equals(other));
    }

    private static Object of(List<String> fields) {
        return new Fingerprint("test").add(fields).digest();
    }

    @Test
    void fieldsDoNotRunIntoEachOther() {
        assertThat(new Fingerprint("t").add("ab").add("c").digest())
                .isNotEqualTo(new Fingerprint("t").add("a").add("bc").digest());
    }

    @Test
    void theOrderOfAMapDoesNotMatter() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("a", "1");
        one.put("b", "2");
        Map<String, String> other = new LinkedHashMap<>();
        other.put("b", "2");
        other.put("a", "1");
        assertThat(new Fingerprint("t").add(one).digest())
                .isEqualTo(new Fingerprint("t").add(other).digest());
    }

    @Test
    void kindsAreTold() {
        assertThat(new Fingerprint("run").add("x").digest())
                .isNotEqualTo(new Fingerprint("workdir").add("x").digest());
    }
}
