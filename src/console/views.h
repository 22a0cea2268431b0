#pragma once

#include <string>
#include <string_view>

#include "console/mustache.h"
#include "console/page.h"
#include "console/units.h"

// From page values to what the templates are filled with. Private to the renderer.
// The views may refer to texts of the page: it must outlive them.
namespace qn::console {

// What every view needs to know of its reader.
struct Reader {
  const Shell& shell;

  Language language() const { return shell.language; }
  View word(Label label) const { return translate(label, shell.language); }
  View words(const Phrase& phrase) const { return translate(phrase, shell.language); }
};

// Each has an object with the keys of its template.
View table_view(const TablePage& page, const Reader& reader);
View form_view(const FormPage& page, const Reader& reader);
View detail_view(const DetailPage& page, const Reader& reader);
View home_view(const HomePage& page, const Reader& reader);
View notice_view(const NoticePage& page, const Reader& reader);
View entrance_view(const EntrancePage& page, const Reader& reader);
View shell_view(const Reader& reader);
View frame_view(const Reader& reader);  // header and sidebar

View cell_view(const Cell& cell, const Reader& reader);
View person_view(const PersonCell& person, const Reader& reader);
View action_view(const Action& action, const Reader& reader, std::string_view plain_style);
View::List action_views(const std::vector<Action>& actions, const Reader& reader,
                        std::string_view plain_style);
// Columns and rows of a table; `bulk` adds check boxes.
View grid_view(const Table& table, const Reader& reader, const TablePage* page);
View chart_view(const Chart& chart, const Reader& reader);

// Bootstrap's word for a tone; Font Awesome 4 classes for icons of the seed's menu.
std::string_view tone_word(Tone tone);
std::string icon_classes(std::string_view icon);

// Whether a stored address is of one of the files we serve.
bool is_own_file(std::string_view stored);
// An avatar that may be drawn: http(s) or ours; else the default picture.
std::string avatar_url(std::string_view stored);

// As plots have room for: 12.5k, 1.2 MB.
std::string short_number(std::int64_t n, Chart::Unit unit);

}  // namespace qn::console
