//! Splits shell lines, as far as the documents need it: comments, quotes, continued lines, several commands.

/// The commands of a block, each as its words. What a shell would expand stays as it is written.
pub(crate) fn commands(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' if rest.peek() == Some(&'\n') => drop(rest.next()),
            '\\' => word.get_or_insert_default().extend(rest.next()),
            '\'' | '"' => {
                let quoted = rest.by_ref().take_while(|next| *next != letter);
                word.get_or_insert_default().extend(quoted);
            }
            '#' if word.is_none() => while rest.next_if(|next| *next != '\n').is_some() {},
            '\n' | ';' | '&' | '|' => {
                words.extend(word.take());
                all.push(std::mem::take(&mut words));
            }
            ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    all.push(words);
    all.retain(|words| !words.is_empty());
    all
}

/// The arguments that the program gets, where the command starts it: by its name, behind a launcher, or through cargo.
/// The file to which its output goes is none of them.
pub(crate) fn arguments(command: &[String]) -> Option<Vec<String>> {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let own = match words.as_slice() {
        ["cargo", "xtask", "reproduce", rest @ ..] => [&["reproduce"], rest].concat(),
        ["cargo", "run", rest @ ..] if !rest.contains(&"--example") => {
            rest[rest.iter().position(|word| *word == "--")? + 1..].to_vec()
        }
        _ => words[words.iter().position(|word| *word == "scribe")? + 1..].to_vec(),
    };
    let own = own.split(|word| *word == ">").next().unwrap_or_default();
    Some(own.iter().map(|word| (*word).to_owned()).collect())
}
