package dev.wherry.cli.it;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;

/** Messages of any type, of which each field may have any value: ordinary ones, hostile ones, and noise. */
final class RandomMessages {

    private static final int DEPTH = 6;
    private static final int LARGE = 1 << 20;

    /** Nothing that a privileged container could harm this host with. */
    private static final List<String> WORDS = List.of(
            "",
            "busybox",
            "one",
            "two",
            "sleep",
            "1000",
            "true",
            "/",
            ".",
            "..",
            "../../etc/hostname",
            "/proc/self/fd/0",
            "/proc/self/cwd/../..",
            "a/b/./../c",
            "with\0zero",
            "with\nline",
            "\u001b[2J",
            "\ud83d\udc33",
            "%s%n%x",
            "-1",
            "--help",
            "0.0.0.0/0",
            "1.2.3.4/33",
            "fd00::/127",
            "127.0.0.1",
            "65536",
            "99999999999999999999",
            "1h61m",
            "sha256:" + "0".repeat(64),
            "sha256:" + "0".repeat(63),
            "localhost:1/image",
            "localhost:1/image@sha256:" + "f".repeat(64),
            "FROM busybox\nRUN echo $((1 + 1))\n",
            "FROM busybox AS a\nCOPY --from=b . .\nFROM a AS b\n",
            "ARG A=${A:-${B:-${A}}}\nFROM $A\n",
            "{{range .}}{{.}}{{end}}",
            "type=registry,ref=localhost:1/cache",
            "type=local,src=..",
            "dangling=true",
            "label=",
            "[".repeat(20_000),
            "\"".repeat(999),
            "a".repeat(70_000));

    private final Random random;

    RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    Message next(Descriptor type) {
        return next(type, 0);
    }

    private Message next(Descriptor type, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        // From nothing set to everything set.
        int chance = random.nextInt(101);
        for (FieldDescriptor field : type.getFields()) {
            if (random.nextInt(100) >= chance
                    || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth == DEPTH) {
                continue;
            }
            if (field.isRepeated()) {
                for (int left = count(field); left > 0; left--) {
                    message.addRepeatedField(field, value(field, depth));
                }
            } else {
                message.setField(field, value(field, depth));
            }
        }
        return message.build();
    }

    private int count(FieldDescriptor field) {
        boolean scalar = field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
        return scalar && random.nextInt(50) == 0 ? 5_000 : random.nextInt(4);
    }

    private Object value(FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case FLOAT -> (float) real();
            case DOUBLE -> real();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> word();
            case BYTE_STRING -> ByteString.copyFrom(noise());
            case ENUM -> {
                var values = field.getEnumType().getValues();
                yield random.nextInt(8) == 0
                        ? field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt())
                        : values.get(random.nextInt(values.size()));
            }
            case MESSAGE -> next(field.getMessageType(), depth + 1);
        };
    }

    private long number() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Long.MAX_VALUE;
            case 3 -> Integer.MIN_VALUE;
            case 4 -> random.nextInt(100);
            default -> random.nextLong();
        };
    }

    private double real() {
        return switch (random.nextInt(4)) {
            case 0 -> Double.NaN;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> -random.nextDouble();
            default -> random.nextDouble() * 10;
        };
    }

    private String word() {
        return random.nextInt(10) == 0
                ? random.ints(random.nextInt(40), 1, 0x500)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : WORDS.get(random.nextInt(WORDS.size()));
    }

    /** Some bytes; seldom many. */
    byte[] noise() {
        byte[] bytes = new byte[random.nextInt(200) == 0 ? LARGE : random.nextInt(512)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A message as bytes, often not as it was. */
    byte[] bytes(Descriptor type) {
        byte[] bytes = next(type).toByteArray();
        switch (random.nextInt(6)) {
            case 0 -> bytes = noise();
            case 1 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 2 -> {
                for (int i = bytes.length / 50; i >= 0 && bytes.length > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            default -> {
                // As it is.
            }
        }
        return bytes;
    }

    Random random() {
        return random;
    }
}
