//! The frame of the application: who is there, what surrounds every page, and which page shows.

mod guest;
pub(crate) mod leaving;
mod saved;

use std::rc::Rc;

use any_spawner::Executor;
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use wasm_bindgen::JsCast;

use crate::api::http::Http;
use crate::api::local::Documents;
use crate::api::{Api, PATIENCE};
use crate::clock;
use crate::device::{self, Device, Keeping};
use crate::dom::{Element, View, button, element, link, live};
use crate::draft::{Copies, Draft, copies};
use crate::json;
use crate::model::prefill::Given;
use crate::model::saving::Failure;
use crate::model::wire::{PageConfig, Session};
use crate::model::{Field, Id};
use crate::navigation::{self, Navigation, Place, href};
use crate::pages;
use crate::portal::{Entrance, Portal};
use crate::rest::{self, Loading, Missing, Rest, Space};
use crate::texts;

pub use guest::embed;
use leaving::Parting;

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Not known yet.
    Unknown,
    /// Nobody is signed in.
    Nobody,
    /// Somebody is.
    Person(Box<Session>),
}

/// What every page may use. Copies share one state.
#[derive(Clone, Copy)]
pub struct App {
    /// Where the person is.
    pub navigation: Navigation,
    api: StoredValue<Rc<dyn Api>, LocalStorage>,
    device: StoredValue<Device, LocalStorage>,
    identity: RwSignal<Identity>,
    known_from_device: StoredValue<bool, LocalStorage>,
    config: RwSignal<PageConfig>,
    theme: RwSignal<Option<String>>,
    /// The draft that is being filled in, if one is.
    draft: RwSignal<Option<Draft>>,
    announcement: RwSignal<String>,
    /// What went wrong, for everybody to see until they go elsewhere.
    warning: RwSignal<String>,
    /// Whoever signs out is asked what becomes of answers that the server lacks.
    leaving: RwSignal<bool>,
    /// How far signing out is, where that takes a moment.
    parting: RwSignal<Parting>,
    /// The drafts that are sent before somebody signs out.
    parting_with: StoredValue<Option<Owner>, LocalStorage>,
    root: StoredValue<Option<web_sys::Element>, LocalStorage>,
    focus_next: StoredValue<Option<Field>, LocalStorage>,
    /// What is to have the focus at the next frame.
    focus_wanted: StoredValue<Option<String>, LocalStorage>,
    /// The person is mending an answer that they read back: the way back to the review is offered.
    from_review: RwSignal<bool>,
    /// Whether a page was shown before: the first one leaves the focus where the browser puts it.
    moved: StoredValue<bool, LocalStorage>,
    portal: StoredValue<Option<Portal>, LocalStorage>,
    entrance: StoredValue<Option<Entrance>, LocalStorage>,
    /// Answers given in the person's place, for the request that is opened next.
    given: StoredValue<Vec<Given>, LocalStorage>,
    /// Answers that the address of the page proposes, for the new request that it leads to.
    proposed: StoredValue<Vec<Given>, LocalStorage>,
    /// A request that the portal asks for may be one that was begun there: the person is asked, once.
    offering: StoredValue<bool, LocalStorage>,
    /// The request that was just sent from here: its receipt is news.
    sent: StoredValue<Option<Id>, LocalStorage>,
    /// What just happened to a request, for the list to say.
    news: StoredValue<Option<&'static str>, LocalStorage>,
    rest: RwSignal<Loading>,
}

impl App {
    fn new(
        navigation: Navigation,
        api: Rc<dyn Api>,
        device: Device,
        portal: Option<Portal>,
        entrance: Option<Entrance>,
        rest: Loading,
    ) -> Self {
        let identity = match &entrance {
            Some(entrance) => guest::identity_at(entrance, &*api),
            None if api.is_local() || device::may_be_signed_in() => Identity::Unknown,
            None => Identity::Nobody,
        };
        // The settings of a portal's origin are not ours.
        let theme = portal.as_ref().map_or_else(device::theme, Portal::theme);
        Self {
            navigation,
            api: StoredValue::new_local(api),
            device: StoredValue::new_local(device),
            identity: RwSignal::new(identity),
            known_from_device: StoredValue::new_local(false),
            config: RwSignal::new(PageConfig::default()),
            theme: RwSignal::new(theme),
            draft: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            warning: RwSignal::new(String::new()),
            leaving: RwSignal::new(false),
            parting: RwSignal::new(Parting::No),
            parting_with: StoredValue::new_local(None),
            root: StoredValue::new_local(None),
            focus_next: StoredValue::new_local(None),
            focus_wanted: StoredValue::new_local(None),
            from_review: RwSignal::new(false),
            moved: StoredValue::new_local(false),
            portal: StoredValue::new_local(portal),
            entrance: StoredValue::new_local(entrance),
            given: StoredValue::new_local(Vec::new()),
            proposed: StoredValue::new_local(Vec::new()),
            offering: StoredValue::new_local(false),
            sent: StoredValue::new_local(None),
            news: StoredValue::new_local(None),
            rest: RwSignal::new(rest),
        }
    }

    /// The application around the caller.
    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// The portal that it is a guest of; none when the window is ours.
    #[must_use]
    #[inline(never)]
    pub fn portal(self) -> Option<Portal> {
        self.portal.try_get_value().flatten()
    }

    /// Where one signs in to an API of another site; none where the API is of this one.
    #[must_use]
    pub fn entrance(self) -> Option<Entrance> {
        self.entrance.try_get_value().flatten()
    }

    /// Tells the portal, where there is one, what happens. Whether it may go on.
    pub fn tell(self, event: &str, first: &str, second: &str) -> bool {
        self.portal().is_none_or(|portal| portal.tell(event, first, second))
    }

    /// What answers.
    #[must_use]
    pub fn api(self) -> Rc<dyn Api> {
        self.api.get_value()
    }

    /// What the browser keeps.
    #[must_use]
    pub fn device(self) -> Device {
        self.device.get_value()
    }

    /// The copies of drafts that the person signed in has on this device.
    #[must_use]
    pub fn copies(self) -> Option<Copies> {
        self.identity.with_untracked(|identity| match identity {
            Identity::Person(session) => Some(Copies::new(self.device(), &session.user.id)),
            Identity::Unknown | Identity::Nobody => None,
        })
    }

    /// Who is there.
    #[must_use]
    pub fn identity(self) -> RwSignal<Identity> {
        self.identity
    }

    /// What the operator tells.
    #[must_use]
    pub fn config(self) -> RwSignal<PageConfig> {
        self.config
    }

    /// The theme chosen on this device; none follows the system.
    #[must_use]
    pub fn theme(self) -> RwSignal<Option<String>> {
        self.theme
    }

    /// Which draft is being filled in.
    pub fn set_draft(self, draft: Option<Draft>) {
        // The page that held it may end after the application.
        self.draft.set(draft);
    }

    /// A page is shown: names it, and puts the focus on its heading unless it is the first.
    pub fn arrive(self, title: &str) {
        self.navigation.set_title(&format!("{title} – {}", texts::NAME));
        if self.moved.try_update_value(|moved| std::mem::replace(moved, true)) == Some(true) {
            match self.focus_next.try_update_value(Option::take).flatten() {
                Some(field) => self.focus_field(field),
                None => self.focus(HEADING),
            }
        } else if let Some(field) = self.focus_next.try_update_value(Option::take).flatten() {
            self.focus_field(field);
        }
    }

    /// Names the page anew, where its state changes what it is called.
    pub fn rename(self, title: &str) {
        self.navigation.set_title(&format!("{title} – {}", texts::NAME));
    }

    /// Puts the focus on the first element that a selector finds, once what is being drawn is there. A guest never takes
    /// it from the portal.
    pub fn focus(self, selector: &str) {
        let elsewhere = |root: &web_sys::Element| !root.matches(":focus-within").unwrap_or_default();
        if self.portal().is_some() && self.root.try_get_value().flatten().is_none_or(|root| elsewhere(&root)) {
            return;
        }
        let wanted = self.focus_wanted.try_update_value(|wanted| wanted.replace(selector.to_owned())).flatten();
        if wanted.is_some() {
            // The last wish counts.
            return;
        }
        let before = self.found(":focus");
        request_animation_frame(move || {
            let Some(selector) = self.focus_wanted.try_update_value(Option::take).flatten() else { return };
            // Frames may take long: whoever went on meanwhile is left where they are.
            let now = self.found(":focus");
            if now.is_some() && now != before {
                return;
            }
            if let Some(element) =
                self.found(&selector).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
            {
                // An element that cannot take the focus leaves it where it is.
                let _ = element.focus();
            }
        });
    }

    fn found(self, selector: &str) -> Option<web_sys::Element> {
        self.root.try_get_value().flatten()?.query_selector(selector).ok().flatten()
    }

    /// Whether a selector finds something.
    #[must_use]
    pub fn finds(self, selector: &str) -> bool {
        self.found(selector).is_some()
    }

    /// Puts the focus on the control of a field.
    pub fn focus_field(self, field: Field) {
        self.focus(&format!("[name=\"{}\"]", field.path()));
    }

    /// Puts the focus on a field of the page that is about to be shown.
    pub fn focus_field_next(self, field: Field) {
        self.focus_next.set_value(Some(field));
    }

    /// Offers the way back to the review, or no longer.
    pub fn come_back_to_review(self, offered: bool) {
        self.from_review.set(offered);
    }

    /// Whether the way back to the review is offered.
    #[must_use]
    pub fn comes_from_review(self) -> bool {
        self.from_review.get()
    }

    /// Tells a screen reader something, once.
    pub fn announce(self, words: &str) {
        self.announcement.set(words.to_owned());
    }

    /// Says what went wrong, on the screen and to a screen reader.
    pub fn warn(self, words: &str) {
        self.warning.set(words.to_owned());
    }

    /// Leaves word of what just happened to a request, for the list to say.
    pub fn bring_news(self, words: &'static str) {
        self.news.set_value(Some(words));
    }

    /// What just happened to a request, once.
    #[must_use]
    pub fn take_news(self) -> Option<&'static str> {
        self.news.try_update_value(Option::take).flatten()
    }

    /// Somebody signed in, or nobody is any more.
    pub fn identify(self, identity: Identity) {
        if self.identity.is_disposed() {
            return;
        }
        if identity == Identity::Nobody {
            match self.entrance() {
                Some(entrance) => {
                    self.api().bear(None);
                    entrance.forget();
                }
                None => device::forget_signed_in(),
            }
        }
        self.remember(&identity);
        self.api().act_for(match &identity {
            Identity::Person(session) => Some(&session.user.id),
            Identity::Unknown | Identity::Nobody => None,
        });
        self.identity.set(identity);
        if let Some(copies) = self.copies() {
            copies.tell_signed_in();
        }
    }

    /// Remembers who is signed in, for when the page is loaded again and nobody answers; until they are not.
    pub fn remember(self, identity: &Identity) {
        if self.api().is_local() || self.entrance().is_some() {
            return;
        }
        // On a computer that became a shared one, it goes with the tab.
        self.device().erase(LAST_PERSON);
        match identity {
            Identity::Person(session) => {
                if let Ok(text) = serde_json::to_string(session) {
                    self.device().write(LAST_PERSON, &text);
                }
            }
            Identity::Nobody | Identity::Unknown => {}
        }
    }

    /// Whether nobody answered who is there: it is whoever was there last.
    #[must_use]
    pub fn is_known_from_device(self) -> bool {
        self.known_from_device.get_value()
    }

    /// Draws something of the rest of the program: once that is there, and something in its place until then.
    pub fn later(self, space: Space, draw: impl Fn(&'static Rest) -> View + 'static) -> View {
        live(move || match self.rest.get() {
            Loading::There(rest) => draw(rest),
            Loading::Failed => space.failed(move || self.load_rest()),
            Loading::UnderWay => space.waiting(),
            Loading::Unasked => {
                self.load_rest();
                space.waiting()
            }
        })
    }

    /// The rest of the program, if it is there.
    #[must_use]
    pub fn whole(self) -> Option<&'static Rest> {
        match self.rest.get() {
            Loading::There(rest) => Some(rest),
            _ => None,
        }
    }

    fn load_rest(self) {
        // Whoever shows a failure shows that it is tried again; whoever asks first need not hear of it.
        let failed = matches!(self.rest.get_untracked(), Loading::Failed);
        self.rest.update_untracked(|rest| *rest = Loading::UnderWay);
        if failed {
            self.rest.set(Loading::UnderWay);
        }
        spawn_local(async move {
            let loaded = rest::load().await.map_or(Loading::Failed, Loading::There);
            if matches!(loaded, Loading::Failed) {
                // Several places may show it: it is told once.
                self.announce("Une partie de cette page n’a pas pu s’afficher");
            }
            self.rest.set(loaded);
        });
    }

    /// Draws everything, with what it needs to know on its way.
    fn furnish(self) -> Element {
        provide_context(self);
        provide_context(self.navigation);
        self.read_config();
        match self.identity.get_untracked() {
            Identity::Unknown => self.ask_who_is_there(),
            // The session ended with the browser: whoever it was is nobody's business any more.
            identity => self.remember(&identity),
        }
        copies::erase_old(&self.device());
        if self.portal().is_some() {
            self.report();
        }
        frame(self)
    }

    /// Asks who is there. Where no answer comes soon, it is whoever was there last: their session is not known to have ended,
    /// and the device has their answers.
    fn ask_who_is_there(self) {
        let asking = self.api().session();
        let is_awaited = move || self.identity.try_get_untracked() == Some(Identity::Unknown);
        let take_last = move || {
            let last = is_awaited().then(|| self.device().read(LAST_PERSON)).flatten();
            if let Some(session) = last.and_then(|text| json::read(&text)) {
                self.known_from_device.set_value(true);
                self.identify(Identity::Person(Box::new(session)));
            }
        };
        set_timeout(take_last, PATIENCE);
        spawn_local(async move {
            match asking.await {
                Ok(session) => {
                    self.known_from_device.set_value(false);
                    let there = Identity::Person(Box::new(session));
                    if self.identity.try_get_untracked().is_some_and(|known| known != there) {
                        self.identify(there);
                    }
                }
                Err(error) if error.failure() == Failure::SignedOut => self.identify(Identity::Nobody),
                Err(_) => {
                    take_last();
                    if is_awaited() {
                        self.identity.set(Identity::Nobody);
                    }
                }
            }
        });
    }

    fn read_config(self) {
        let reading = self.api().config();
        spawn_local(async move {
            // Without one, what the page knows by itself holds.
            if let Ok(config) = reading.await {
                self.config.set(config);
            }
        });
    }
}

/// Under which name the device keeps who was signed in last.
const LAST_PERSON: &str = "person";

/// Finds the heading of the page that is shown.
pub const HEADING: &str = ".h1";

/// A heading: of the page (1), of a part of it (2) or of a part of that (3). In a portal they begin where its own end.
#[must_use]
pub fn heading(level: u8, words: &str) -> Element {
    let first = App::get().portal().map_or(1, |portal| portal.heading().clamp(1, 4));
    let name = char::from(b'0' + first + level - 1);
    let heading = element(&['h', name].iter().collect::<String>()).text(words);
    match level {
        1 => heading.class("h1").attr("tabindex", "-1"),
        2 => heading.class("h2"),
        _ => heading.class("h3"),
    }
}

/// Starts the stand-alone page in place of the static shell, until the owner that is answered ends.
/// Without the address of an API, the page answers itself with the documents that the browser keeps; one of another site
/// has an entrance.
///
/// # Errors
/// When a part of the program that this takes cannot be had.
pub async fn start(
    api: Option<String>,
    documents: Documents,
    entrance: Option<Entrance>,
    proposed: &str,
) -> Result<(Owner, App), Missing> {
    let rest = rest_for(api.as_deref()).await?;
    let owner = owner();
    let (app, frame) = owner.with(|| {
        let device = Device::new(&address_of(api.as_deref().unwrap_or("./")), Keeping::Local);
        let api = api_at(api, "", &device, documents, rest);
        let app = App::new(navigation::url::navigation(), api, device, None, entrance, rest);
        let place = app.navigation.place().get_untracked();
        app.proposed.set_value(Given::proposed(proposed, &place, clock::today()));
        (app, app.furnish())
    });
    if let (Some(body), Some(shell)) = (document().body(), document().get_element_by_id("shell")) {
        // The shell is a child of the body.
        let _ = body.replace_child(frame.node(), &shell);
    }
    Ok((owner, app))
}

/// The rest of the program, where the page cannot begin without it: it is there that the page answers itself.
async fn rest_for(api: Option<&str>) -> Result<Loading, Missing> {
    match api {
        Some(_) => Ok(Loading::Unasked),
        None => rest::load().await.map(Loading::There),
    }
}

/// What answers: the page itself, whose files are in a folder, where no address is known; else the API there.
fn api_at(address: Option<String>, base: &str, device: &Device, documents: Documents, rest: Loading) -> Rc<dyn Api> {
    match (address, rest) {
        (None, Loading::There(rest)) => (rest.local)(base, device.clone(), documents),
        (address, _) => Rc::new(Http::new(&address.unwrap_or_default(), base)),
    }
}

/// The absolute address of what stands beside the page: it tells instances of one origin apart.
fn address_of(relative: &str) -> String {
    web_sys::Request::new_with_str(relative).map_or_else(|_| relative.to_owned(), |request| request.url())
}

/// Owns everything of one application.
fn owner() -> Owner {
    // It is refused where another application of this page came first, and then there is nothing left to do.
    let _ = Executor::init_wasm_bindgen();
    Owner::new()
}

/// What surrounds every page.
fn frame(app: App) -> Element {
    let frame =
        element("div").class("habilitation").attr("lang", "fr").live_attr("data-theme", move || app.theme.get());
    app.root.set_value(Some(frame.node().clone()));
    let warning = element("p").class("warning").attr("role", "alert").live_text(move || app.warning.get());
    let told = element("p").class("unseen").attr("role", "status").live_text(move || app.announcement.get());
    // A guest has no landmarks: the page is the portal's.
    let (top, main, bottom) = match app.portal() {
        Some(_) => (element("div"), element("div"), element("div")),
        None => (element("header").child(skip(app)), element("main").attr("id", "contenu"), element("footer")),
    };
    frame
        .child(top.class("top").child(live(move || demonstration(app))).child(top_line(app)).child(live(move || {
            let is_saving = app.parting.get() == Parting::Saving;
            is_saving.then(|| app.later(Space::Nothing, move |rest| (rest.parting)(app)))
        })))
        .child(warning)
        .child(main.class("content").attr("tabindex", "-1").child(page(app)))
        .child(footer(app, bottom.class("bottom")))
        .child(told)
}

fn demonstration(app: App) -> Option<Element> {
    let is_local = app.api().is_local();
    let words = if is_local {
        "Démonstration : rien n’est envoyé, tout reste sur cet appareil. N’y écrivez rien de confidentiel."
    } else {
        "Démonstration : les personnes et les organisations sont inventées, et rien n’est transmis."
    };
    let shown = is_local || app.config.with(|config| config.demonstration);
    shown.then(|| element("p").class("demonstration").text(words))
}

/// The way past what surrounds the page.
fn skip(app: App) -> Element {
    element("a")
        .class("skip")
        .live_attr("href", move || Some(href(&app.navigation.place().get())))
        .text("Aller au contenu")
        .on("click", move |event| {
            event.prevent_default();
            app.focus(HEADING);
        })
}

fn top_line(app: App) -> Element {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        app.navigation.place().track();
        open.set(false);
        app.warning.set(String::new());
        app.leaving.set(false);
        app.parting.set(Parting::No);
    });
    let account = move || match app.identity.get() {
        Identity::Person(session) => {
            let name = format!("{} {}", session.user.given_name, session.user.family_name);
            vec![
                link(&Place::Requests, "quiet", "Mes demandes"),
                element("span").class("who").untranslated().text(&name),
                button("quiet", "", move || app.sign_out()).live_text(move || leaving::words(app)),
            ]
        }
        Identity::Nobody => vec![link(&Place::SignIn(None), "quiet", "Se connecter")],
        Identity::Unknown => Vec::new(),
    };
    let is_guest = app.portal().is_some();
    let menu = element("nav")
        .class("menu")
        .attr("id", "menu")
        .attr("aria-label", if is_guest { texts::NAME } else { "Menu principal" })
        .live_class("open", move || open.get())
        .child(link(&Place::Help, "quiet", "Aide"))
        // In a portal the theme is the portal's.
        .child((!is_guest).then(|| link(&Place::Display, "quiet", "Affichage")))
        .child(live(account));
    element("div")
        .class("top-line")
        .child((!is_guest).then(|| link(&Place::Start, "brand", texts::NAME)))
        .child(saved::saved(app))
        .child(disclosure("menu-button", "menu", open).text("Menu"))
        .child(menu)
}

/// A button that opens and closes something.
pub fn disclosure(class: &str, controlled: &str, open: RwSignal<bool>) -> Element {
    button(class, "", move || open.update(|open| *open = !*open))
        .class(&format!("quiet {class}"))
        .attr("aria-controls", controlled)
        .live_attr("aria-expanded", move || Some(open.get().to_string()))
}

fn footer(app: App, footer: Element) -> Element {
    let base = app.portal().map_or(String::new(), |portal| portal.base());
    let licences =
        element("a").attr("href", &[&base, "licences.txt"].concat()).attr("rel", "external").text("Licences");
    footer.child([
        link(&Place::Help, "", "Aide"),
        link(&Place::Accessibility, "", "Accessibilité : non conforme"),
        link(&Place::LegalNotice, "", "Mentions légales"),
        link(&Place::PersonalData, "", "Données personnelles"),
        licences,
    ])
}

/// What decides which page is drawn anew: a request stays while its steps change.
#[derive(Clone, PartialEq, Eq)]
enum Shown {
    Page(Place),
    Request(Id),
    Leaving,
    SignIn(Option<Box<Place>>),
    Waiting,
}

fn page(app: App) -> View {
    let shown = Memo::new(move |_| {
        let place = app.navigation.place().get();
        match (place.is_private(), app.identity.get()) {
            (_, Identity::Person(_)) if app.leaving.get() => Shown::Leaving,
            (true, Identity::Unknown) => Shown::Waiting,
            (true, Identity::Nobody) => Shown::SignIn(Some(Box::new(place))),
            (_, _) => match place {
                Place::Request(id, _) => Shown::Request(id),
                Place::SignIn(back) => Shown::SignIn(back),
                place => Shown::Page(place),
            },
        }
    });
    let later = move |place: Place| app.later(Space::Page, move |rest| (rest.page)(place.clone()));
    live(move || match shown.get() {
        Shown::Waiting => pages::waiting(),
        Shown::Leaving => app.later(Space::Page, move |rest| (rest.leaving)(app)),
        Shown::SignIn(back) => later(Place::SignIn(back)),
        Shown::Request(id) => pages::request(&id),
        Shown::Page(place) => match place {
            Place::Start => pages::start(),
            Place::NewRequest => pages::new_request(),
            Place::Unknown => pages::not_found(),
            place => later(place),
        },
    })
}
