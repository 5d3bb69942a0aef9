package dev.wherry.daemon.builder.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which step of an earlier build a step is. */
class AlignmentTest {

    private static List<Place> stage(String name, int first, String... instructions) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < instructions.length; i++) {
            places.add(new Place(first + i, name, instructions[i]));
        }
        return places;
    }

    private static Integer then(Alignment alignment, int step) {
        return alignment.then(step) == null ? null : alignment.then(step).step();
    }

    @Test
    void sameInstructionsAreEachOtherWhateverStandsBetweenThem() {
        Alignment alignment = Alignment.of(
                stage("stage-0", 1, "FROM a", "RUN new", "COPY . .", "RUN b"),
                stage("stage-0", 1, "FROM a", "COPY . .", "RUN old", "RUN b"));

        assertThat(then(alignment, 1)).isEqualTo(1);
        assertThat(then(alignment, 2)).isNull();
        assertThat(then(alignment, 3)).isEqualTo(2);
        assertThat(then(alignment, 4)).isEqualTo(4);
    }

    @Test
    void changedInstructionIsTheOneOfItsKindInItsPlace() {
        Alignment alignment = Alignment.of(
                stage("stage-0", 1, "FROM a", "WORKDIR /x", "RUN npm install", "COPY . ."),
                stage("stage-0", 1, "FROM b", "WORKDIR /x", "RUN npm ci", "COPY . ."));

        assertThat(then(alignment, 1)).isEqualTo(1);
        assertThat(then(alignment, 3)).isEqualTo(3);
    }

    @Test
    void movedInstructionIsFoundWhereItWas() {
        Alignment alignment = Alignment.of(
                stage("stage-0", 1, "FROM a", "COPY b .", "RUN c", "COPY a ."),
                stage("stage-0", 1, "FROM a", "COPY a .", "COPY b .", "RUN c"));

        assertThat(then(alignment, 2)).isEqualTo(3);
        assertThat(then(alignment, 4)).isNull();
        assertThat(alignment.movedFrom(4).step()).isEqualTo(2);
    }

    @Test
    void stagesAreFoundByNameAndTheRestInOrder() {
        List<Place> now = new ArrayList<>(stage("deps", 1, "FROM a", "RUN x"));
        now.addAll(stage("renamed", 3, "FROM a", "RUN y"));
        List<Place> then = new ArrayList<>(stage("build", 1, "FROM a", "RUN y"));
        then.addAll(stage("deps", 3, "FROM a", "RUN x"));

        Alignment alignment = Alignment.of(now, then);

        assertThat(then(alignment, 2)).isEqualTo(4);
        assertThat(then(alignment, 4)).isEqualTo(2);
    }
}
