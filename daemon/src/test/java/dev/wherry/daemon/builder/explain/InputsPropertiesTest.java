package dev.wherry.daemon.builder.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Inputs;
import dev.wherry.daemon.builder.copy.CopyOperation;
import dev.wherry.daemon.builder.copy.CopyRules;
import dev.wherry.daemon.builder.copy.CopySpec;
import dev.wherry.daemon.builder.copy.CopySpec.Origin;
import dev.wherry.daemon.builder.copy.FetchRules;
import dev.wherry.daemon.builder.copy.InlineFile;
import dev.wherry.daemon.builder.copy.ModeChange;
import dev.wherry.daemon.builder.copy.WorkdirOperation;
import dev.wherry.daemon.builder.dockerfile.instruction.RunDevice;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount.Access;
import dev.wherry.daemon.builder.run.RunNetwork;
import dev.wherry.daemon.builder.run.RunOperation;
import dev.wherry.daemon.builder.run.RunSpec;
import dev.wherry.daemon.builder.run.Sandbox;
import dev.wherry.daemon.builder.solver.Operation;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** One list of inputs gives the cache key and the explanation, so that neither knows anything that the other does not. */
class InputsPropertiesTest {

    private static final Digest PARENT = Digest.sha256("parent");

    /** A step: what it does, and the digests of what it reads. */
    record Step(Operation operation, List<Input> contents) {

        Inputs inputs() {
            return new Inputs(operation.definition()).with(contents);
        }

        StepInputs recorded() {
            return StepInputs.parse(StepInputs.of("STEP", inputs()).json()).orElseThrow();
        }
    }

    private static final Arbitrary<String> WORDS =
            Arbitraries.of("a", "b", "a b", "root", "/", "", "a, read-only", "\"a\"", "\\", "x://u:p@h", "x://u:q@h");

    private static final Arbitrary<Access> OWNERS = Combinators.combine(
                    Arbitraries.of(0400, 0600, 0755), Arbitraries.of(0, 1), Arbitraries.of(0, 1))
            .as(Access::new);

    private static <T> Arbitrary<List<T>> some(Arbitrary<T> of) {
        return of.list().ofMaxSize(2);
    }

    private static Arbitrary<RunMount> mounts() {
        Arbitrary<Optional<String>> words = WORDS.optional();
        return Arbitraries.oneOf(
                Combinators.combine(WORDS, WORDS, Arbitraries.of(true, false))
                        .as((target, source, writable) ->
                                new RunMount.Bind(target, source, Optional.empty(), writable)),
                Combinators.combine(
                                WORDS,
                                WORDS,
                                Arbitraries.of(true, false),
                                Arbitraries.of(RunMount.Sharing.class),
                                words,
                                WORDS,
                                OWNERS)
                        .as(RunMount.Cache::new),
                Combinators.combine(WORDS, Arbitraries.of(OptionalLong.empty(), OptionalLong.of(5), OptionalLong.of(6)))
                        .as(RunMount.Tmpfs::new),
                Combinators.combine(WORDS, words, words, Arbitraries.of(true, false), OWNERS)
                        .as(RunMount.Secret::new),
                Combinators.combine(WORDS, words, Arbitraries.of(true, false), OWNERS)
                        .as(RunMount.Ssh::new));
    }

    private static Arbitrary<RunSpec> runs() {
        Arbitrary<List<String>> args = Arbitraries.oneOf(
                WORDS.map(text -> List.of("/bin/sh", "-c", text)), some(WORDS).filter(list -> !list.isEmpty()));
        Arbitrary<Map<String, String>> env =
                Arbitraries.maps(Arbitraries.of("A", "B", "MY_TOKEN"), WORDS).ofMaxSize(2);
        Arbitrary<Sandbox> sandboxes = Combinators.combine(
                        Arbitraries.of(
                                RunNetwork.DEFAULT,
                                RunNetwork.HOST,
                                RunNetwork.NONE,
                                RunNetwork.parseWithNetworks("app")),
                        Arbitraries.of(true, false),
                        some(Combinators.combine(WORDS, Arbitraries.of(true, false))
                                .as(RunDevice::new)),
                        some(WORDS.map(word -> new ExtraHost(word, "10.0.0.7"))),
                        Arbitraries.of(OptionalLong.empty(), OptionalLong.of(5), OptionalLong.of(6)))
                .as((network, insecure, devices, hosts, shm) ->
                        new Sandbox(network, insecure, devices, Set.of(), hosts, shm, List.of()));
        Arbitrary<Optional<RunSpec.Script>> scripts = Combinators.combine(Arbitraries.of("s", "t"), WORDS)
                .as(RunSpec.Script::new)
                .optional();
        return Combinators.combine(
                        args,
                        env,
                        WORDS,
                        WORDS,
                        scripts,
                        some(mounts().map(mount -> new RunSpec.Mount(mount, false))),
                        sandboxes)
                .as((words, variables, directory, user, script, mounts, sandbox) -> new RunSpec(
                        words, variables, Set.of("A"), Map.of(), directory, user, script, mounts, sandbox, "/bin/sh"));
    }

    private static Arbitrary<CopySpec> copies() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<CopyRules> rules = Combinators.combine(
                        WORDS.filter(word -> !word.isEmpty()).optional(),
                        Arbitraries.of("700", "u+x", "u=rw,g=r").optional(),
                        some(WORDS),
                        flags,
                        flags,
                        flags)
                .as((owner, mode, excludes, parents, link, unpack) ->
                        new CopyRules(owner, mode.map(ModeChange::parse), excludes, parents, link, unpack));
        Arbitrary<Origin> origins = Arbitraries.of(
                new Origin.Context(),
                new Origin.Result(),
                new Origin.Remote(new FetchRules(Optional.empty(), Optional.empty(), false)));
        return Combinators.combine(
                        origins,
                        some(WORDS),
                        some(Combinators.combine(Arbitraries.of("n", "m"), WORDS)
                                .as(InlineFile::new)),
                        WORDS,
                        rules,
                        flags)
                .as(CopySpec::new);
    }

    private static Arbitrary<Step> steps() {
        Arbitrary<List<Input>> contents = some(Combinators.combine(
                        Arbitraries.of(Input.Kind.CONTENT, Input.Kind.COMMIT), WORDS, Arbitraries.of("1", "2"))
                .as(Input::new));
        Arbitrary<List<Input>> files = Arbitraries.of("1", "2")
                .map(text ->
                        List.of(Input.of(Input.Kind.FILES, Digest.sha256(text).toString())));
        return Arbitraries.oneOf(
                Combinators.combine(runs(), contents).as((run, read) -> new Step(new RunOperation(null, run), read)),
                Combinators.combine(copies(), Arbitraries.oneOf(contents, files))
                        .as((copy, read) -> new Step(new CopyOperation(null, copy), read)),
                Combinators.combine(WORDS, WORDS)
                        .as((path, user) -> new Step(new WorkdirOperation(null, path, user), List.of())));
    }

    /** Pairs of any steps, of equal ones, and of those that differ in one component. */
    @Provide
    Arbitrary<Tuple2<Step, Step>> pairs() {
        return Combinators.combine(steps(), steps(), Arbitraries.integers().between(0, 20))
                .as((one, other, what) -> Tuple.of(
                        one,
                        switch (what) {
                            case 0 -> one;
                            case 1 -> other;
                            case 2 -> new Step(one.operation(), other.contents());
                            default -> new Step(mixed(one.operation(), other.operation(), what), one.contents());
                        }));
    }

    private static Operation mixed(Operation one, Operation other, int component) {
        return switch (one) {
            case RunOperation(var processes, RunSpec spec)
            when other instanceof RunOperation run -> new RunOperation(processes, mixed(spec, run.spec(), component));
            case CopyOperation(var copies, CopySpec spec)
            when other instanceof CopyOperation copy -> new CopyOperation(copies, mixed(spec, copy.spec(), component));
            default -> one;
        };
    }

    /** The first record with one component of the second, or of a record in it. */
    private static <R extends Record> R mixed(R one, R other, int component) {
        try {
            RecordComponent[] components = one.getClass().getRecordComponents();
            List<Object> values = new ArrayList<>();
            List<Class<?>> types = new ArrayList<>();
            for (int i = 0; i < components.length; i++) {
                boolean taken = i == component % components.length;
                Object mine = components[i].getAccessor().invoke(one);
                Object theirs = components[i].getAccessor().invoke(other);
                boolean nested = mine instanceof CopyRules || mine instanceof Sandbox;
                values.add(!taken ? mine : nested ? mixed((Record) mine, (Record) theirs, component / 3) : theirs);
                types.add(components[i].getType());
            }
            @SuppressWarnings("unchecked")
            R mixed = (R) one.getClass()
                    .getDeclaredConstructor(types.toArray(Class[]::new))
                    .newInstance(values.toArray());
            return mixed;
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Property(tries = 5000)
    void keysAreEqualExactlyWhenNothingIsExplained(@ForAll("pairs") Tuple2<Step, Step> pair) {
        boolean sameKey =
                pair.get1().inputs().key(PARENT).equals(pair.get2().inputs().key(PARENT));
        boolean nothingToSay =
                StepDiff.isSame(pair.get1().recorded(), pair.get2().recorded());
        assertThat(nothingToSay)
                .as(() -> StepDiff.of(pair.get1().recorded(), pair.get2().recorded())
                        .toString())
                .isEqualTo(sameKey);
    }

    @Property(tries = 2000)
    void differentStepsHaveDifferentKeys(@ForAll("pairs") Tuple2<Step, Step> pair) {
        if (pair.get1().inputs().key(PARENT).equals(pair.get2().inputs().key(PARENT))) {
            assertThat(meaning(pair.get1())).isEqualTo(meaning(pair.get2()));
        }
    }

    /** What decides the result of a step: of where the files of a copy are only whether their owners are kept. */
    private static Object meaning(Step step) {
        return switch (step.operation()) {
            case CopyOperation(var copies, CopySpec spec) ->
                List.of(
                        new CopySpec(
                                spec.origin() instanceof Origin.Result
                                                && spec.rules().owner().isEmpty()
                                        ? spec.origin()
                                        : new Origin.Context(),
                                spec.sources(),
                                spec.documents(),
                                spec.destination(),
                                spec.rules(),
                                spec.add()),
                        step.contents());
            case Operation other -> List.of(other, step.contents());
        };
    }
}
