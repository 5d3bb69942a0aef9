package dev.wherry.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One message before and after a change. Fields are compared by number, which is what the wire has. */
record MessageChange(String name, DescriptorProto before, DescriptorProto after) {

    List<String> breaks() {
        List<String> breaks = new ArrayList<>();
        for (FieldDescriptorProto field : before.getFieldList()) {
            String what = name + "." + field.getName();
            Optional<FieldDescriptorProto> next = after.getFieldList().stream()
                    .filter(other -> other.getNumber() == field.getNumber())
                    .findFirst();
            if (next.isPresent()) {
                compare(what, field, next.get(), breaks);
            } else if (!isReserved(field.getNumber(), after)
                    || !after.getReservedNameList().contains(field.getName())) {
                breaks.add(what + " was removed: reserve its name and its number " + field.getNumber());
            }
        }
        for (FieldDescriptorProto field : after.getFieldList()) {
            if (isReserved(field.getNumber(), before)) {
                breaks.add(name + "." + field.getName() + " has the reserved number " + field.getNumber());
            }
        }
        return breaks;
    }

    private static boolean isReserved(int number, DescriptorProto message) {
        return message.getReservedRangeList().stream().anyMatch(range -> contains(range, number));
    }

    private static boolean contains(ReservedRange range, int number) {
        return range.getStart() <= number && number < range.getEnd();
    }

    private void compare(String what, FieldDescriptorProto field, FieldDescriptorProto next, List<String> breaks) {
        // JSON has names where the wire has numbers.
        if (!field.getName().equals(next.getName()) || !field.getJsonName().equals(next.getJsonName())) {
            breaks.add(what + " has the name " + next.getName() + " now");
        }
        if (field.getType() != next.getType() || !field.getTypeName().equals(next.getTypeName())) {
            breaks.add(what + " has the type " + type(next) + " instead of " + type(field));
        }
        if (field.getLabel() != next.getLabel()) {
            breaks.add(what + " changed between one value and many");
        }
        if (field.getProto3Optional() != next.getProto3Optional()) {
            breaks.add(what + " changed whether its absence can be told from its default");
        }
        if (!oneof(field, before).equals(oneof(next, after))) {
            breaks.add(what + " moved into a oneof or out of one");
        }
    }

    private static String type(FieldDescriptorProto field) {
        return field.hasTypeName()
                ? field.getTypeName()
                : field.getType().name().substring("TYPE_".length()).toLowerCase();
    }

    /** The oneof of a field; not the one that the compiler makes for an optional field. */
    private static Optional<String> oneof(FieldDescriptorProto field, DescriptorProto message) {
        return field.hasOneofIndex() && !field.getProto3Optional()
                ? Optional.of(message.getOneofDecl(field.getOneofIndex()).getName())
                : Optional.empty();
    }
}
