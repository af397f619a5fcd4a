//! Rows of comma-separated values (RFC 4180), of which no cell is a formula.

/// Adds a row to a file.
pub fn push_row<const N: usize>(file: &mut String, cells: [&str; N]) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            file.push(',');
        }
        push_cell(file, cell);
    }
    file.push_str("\r\n");
}

/// Adds a cell. One that a spreadsheet would take for a formula begins with an apostrophe.
fn push_cell(file: &mut String, cell: &str) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_quoted = cell.contains(['"', ',', '\r', '\n']);
    if is_quoted {
        file.push('"');
    }
    if is_formula {
        file.push('\'');
    }
    file.push_str(&cell.replace('"', "\"\""));
    if is_quoted {
        file.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_none_is_a_formula() {
        let mut file = String::new();
        push_row(&mut file, ["a", "b c", "d,e", "f \"g\"", "h\ni", "", "=1+1", "+33", "-1", "@a", "=\"x\",y", "a=b"]);
        let expected = "a,b c,\"d,e\",\"f \"\"g\"\"\",\"h\ni\",,'=1+1,'+33,'-1,'@a,\"'=\"\"x\"\",y\",a=b\r\n";
        assert_eq!(file, expected);
    }
}
